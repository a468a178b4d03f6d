import { hash } from "node:crypto"
import type { Reply } from "./Reply.ts"

/** The entity tags of an `If-None-Match`; weak ones are as good as strong ones here (RFC 9110 §13.1.2). */
const tagsOf = (field: string): ReadonlyArray<string> => field.match(/\*|"[^"]*"/gu) ?? []

/**
 * An answer named by what it says (RFC 9110 §8.8.3), and left out for a client that has it already.
 */
export const conditional = (reply: Reply & { readonly body: string }, ifNoneMatch: string | undefined): Reply => {
  const tag = `"${hash("sha256", reply.body, "base64url")}"`
  const headers = { ...reply.headers, ETag: tag }
  return tagsOf(ifNoneMatch ?? "").some((known) => known === "*" || known === tag)
    ? { status: 304, headers, body: null }
    : { ...reply, headers }
}
