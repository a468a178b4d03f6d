import type { Result } from "effect"
import type { ArchiveEntry } from "../Entry.ts"
import type { LayerError } from "../LayerError.ts"

/** What the reader of an archive comes upon. */
export type TarStep =
  | { readonly _tag: "Entry"; readonly entry: ArchiveEntry }
  /** A stretch of the content that was asked for: a view of the bytes that were pushed, good until the next push. */
  | { readonly _tag: "Data"; readonly bytes: Uint8Array }
  /** So many zero bytes of content that the archive leaves out. */
  | { readonly _tag: "Hole"; readonly size: number }
  /** The content that was asked for is complete. */
  | { readonly _tag: "ContentEnd" }
  /** The bytes are used up. */
  | { readonly _tag: "More" }
  /** The archive is complete; what follows is of no interest to it. */
  | { readonly _tag: "End" }
  | { readonly _tag: "Failed"; readonly error: LayerError }

export const More: TarStep = { _tag: "More" }
export const End: TarStep = { _tag: "End" }
export const ContentEnd: TarStep = { _tag: "ContentEnd" }

/** A part of the reading that yields steps on its way to a value; to `Failed` there is no answer. */
export type Reading<A> = Generator<TarStep, A, void>

export function* fail(error: LayerError): Reading<never> {
  for (;;) yield { _tag: "Failed", error }
}

/** The value of a result, or its failure as the last step. */
export function* orFail<A>(result: Result.Result<A, LayerError>): Reading<A> {
  return result._tag === "Success" ? result.success : yield* fail(result.failure)
}
