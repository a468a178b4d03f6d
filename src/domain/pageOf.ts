/**
 * A page of at most `limit` out of what was found when one more than that was looked for; `last` is where the next page goes
 * on, if there is one.
 */
export const pageOf = <A>(found: ReadonlyArray<A>, limit: number) => {
  const items = found.slice(0, limit)
  return { items, last: found.length > limit ? items.at(-1) : undefined }
}
