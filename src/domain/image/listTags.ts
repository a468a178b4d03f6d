import { Effect } from "effect"
import type { Reference } from "../registry/Reference.ts"
import { Registry } from "../registry/RegistrySession.ts"

/** A page of tags: those after `last`. */
export interface TagsWanted {
  readonly limit?: number
  readonly last?: string
}

/** One page of the tags of an image's repository, in the registry's order. */
export const listTags = Effect.fn("listTags")(function* (reference: Reference, page: TagsWanted) {
  const registry = yield* Registry
  const session = yield* registry.open(reference)
  return yield* session.tags(page)
})
