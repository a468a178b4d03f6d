import { Schema } from "effect"

/** A call that changes something came with a cookie and without proof that the page that made it is one of ours. */
export class NotSameOrigin extends Schema.TaggedError<NotSameOrigin>()("NotSameOrigin", {
  /** It does not say where it comes from at all. */
  isSilent: Schema.Boolean
}) {}

/** Where a request says it comes from. */
export interface Provenance {
  /** `Origin` (RFC 6454 §7.3). */
  readonly origin: string | undefined
  /** `Sec-Fetch-Site` (W3C Fetch Metadata §2.3). */
  readonly fetchSite: string | undefined
}

/** Where the service is, and who else may call it. */
export interface Home {
  /** The origin that the request was made to; undefined when it cannot be told. */
  readonly own: string | undefined
  readonly alsoAllowed: ReadonlySet<string>
}

/** Whether a request says nothing of where it comes from. Of a POST a browser always says something. */
export const isSilent = ({ origin, fetchSite }: Provenance): boolean => origin === undefined && fetchSite === undefined

/**
 * Whether the request is proved to come from a page of our own origin or of one that is allowed: each of the two header
 * fields that is sent must agree, and one of them must be there (OWASP ASVS 5.0 §3.5.1). A browser writes both, and no page can.
 */
export const isSameOrigin = ({ origin, fetchSite }: Provenance, { own, alsoAllowed }: Home): boolean => {
  if (origin === undefined) return fetchSite === "same-origin"
  if (alsoAllowed.has(origin)) return fetchSite !== "none"
  return origin === own && (fetchSite === undefined || fetchSite === "same-origin")
}
