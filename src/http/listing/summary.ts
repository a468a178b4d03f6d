import { Clock, Effect } from "effect"
import type { Peek } from "../../domain/image/peek.ts"
import { format } from "../../domain/registry/Reference.ts"
import { type Problem, toDocument } from "../problem/Problem.ts"

/** What a listing says beside its entries, once it has ended; `problem` is what broke it off. */
export const summarise = Effect.fnUntraced(function* (
  { reference, digest, bytesFetched }: Peek,
  startedAt: number,
  problem: Problem | undefined,
  requestId: string
) {
  return {
    image: format(reference),
    digest,
    complete: problem === undefined,
    bytes_fetched: yield* bytesFetched,
    elapsed_ms: (yield* Clock.currentTimeMillis) - startedAt,
    ...(problem !== undefined && { problem: toDocument(problem, requestId) })
  }
})

export type Summary = Effect.Success<ReturnType<typeof summarise>>
