import { Effect } from "effect"
import type { Request } from "express"
import { isSameOrigin, isSilent, NotSameOrigin } from "../domain/session/sameOrigin.ts"
import { AllowedOrigins } from "./AllowedOrigins.ts"
import { originOf } from "./origin.ts"
import { TrustedProxies } from "./TrustedProxies.ts"

const provenance = ({ headers }: Request) => ({
  origin: headers.origin,
  fetchSite: headers["sec-fetch-site"]?.toString()
})

const home = (request: Request) =>
  Effect.map(Effect.all([TrustedProxies, AllowedOrigins]), ([trusted, alsoAllowed]) => ({
    own: originOf(request, trusted),
    alsoAllowed
  }))

/** Refuses a request that is not proved to come from a page that may speak with a session's cookie. */
export const proveSameOrigin = Effect.fnUntraced(function* (request: Request) {
  const said = provenance(request)
  if (!isSameOrigin(said, yield* home(request))) return yield* new NotSameOrigin({ isSilent: isSilent(said) })
})

/**
 * Refuses a request that is known to come from a foreign page. A browser always says where a POST comes from; what says nothing
 * is no browser, and nobody can be deceived into sending it.
 */
export const refuseForeign = Effect.fnUntraced(function* (request: Request) {
  if (!isSilent(provenance(request))) yield* proveSameOrigin(request)
})
