/** The target of the `next` link in `Link` fields (RFC 8288), as written. */
export const nextLink = (fields: ReadonlyArray<string>): string | undefined => {
  for (const field of fields) {
    for (const [link] of field.matchAll(/<[^<>]*>(?:[^",<]|"[^"]*")*/gu)) {
      const end = link.indexOf(">")
      const parameters = link.slice(end + 1)
      if (/;\s*rel\s*=\s*(?:next|"(?:[^"]*\s)?next(?:\s[^"]*)?")\s*(?:;|$)/iu.test(parameters))
        return link.slice(1, end)
    }
  }
  return undefined
}
