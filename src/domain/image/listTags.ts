import { Effect } from "effect"
import type { Reference } from "../registry/Reference.ts"
import { Registry } from "../registry/RegistrySession.ts"

/** One page of the tags of an image's repository, in the registry's order. */
export const listTags = Effect.fn("listTags")(function* (
  reference: Reference,
  page: { readonly limit?: number; readonly last?: string }
) {
  const registry = yield* Registry
  const session = yield* registry.open(reference)
  return yield* session.tags(page)
})
