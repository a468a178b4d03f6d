import type { TagPage } from "./RegistrySession.ts"

/** One answer of a registry to a request for tags. */
export interface RegistryTags {
  readonly tags: ReadonlyArray<string>
  readonly hasMore: boolean
}

/**
 * The page that was asked for, out of the answers so far. Registries that know nothing of paging answer with everything, so
 * what comes up to `last` and what is beyond `limit` is cut off here. `next` is there when more is known to follow.
 */
export const gatherTags = (
  answers: ReadonlyArray<RegistryTags>,
  asked: { readonly limit?: number; readonly last?: string }
): TagPage => {
  const all = [...new Set(answers.flatMap((answer) => answer.tags))]
  const after = asked.last === undefined ? all : all.slice(all.indexOf(asked.last) + 1)
  const tags = after.slice(0, asked.limit)
  const next = tags.at(-1)
  const hasMore = after.length > tags.length || answers.at(-1)?.hasMore === true
  return hasMore && next !== undefined ? { tags, next } : { tags }
}
