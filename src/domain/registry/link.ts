/** The target of the `next` link in `Link` fields (RFC 8288), as written. */
export const nextLink = (fields: ReadonlyArray<string>): string | undefined => {
  for (const field of fields) {
    for (const [, target, parameters] of field.matchAll(/<([^<>]*)>((?:[^",<]|"[^"]*")*)/gu)) {
      if (/;\s*rel\s*=\s*(?:next|"(?:[^"]*\s)?next(?:\s[^"]*)?")\s*(?:;|$)/iu.test(parameters ?? "")) return target
    }
  }
  return undefined
}
