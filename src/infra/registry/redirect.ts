import { Effect } from "effect"
import { allowLocation, isInRepository } from "../../domain/registry/egress.ts"
import { RegistryNotAllowed } from "../../domain/registry/RegistryError.ts"
import { discard } from "./body.ts"
import type { Request, Send } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST = 5

/** The request that a redirect asks for. What proves who asks stays behind for good once it leads out of the repository. */
const next = ({ authorization, ...request }: Request, url: URL, repository: URL): Request => ({
  ...request,
  url,
  hop: "redirect",
  ...(authorization !== undefined && isInRepository(url, repository) && { authorization })
})

/**
 * Follows redirects by hand: every hop is put to the egress policy, and there are only so many. `repository` is the base of
 * what a session may ask for.
 */
export const redirecting =
  <E>(send: Send<E>, settings: Settings, repository: URL): Send<E | RegistryNotAllowed> =>
  (request) =>
    Effect.gen(function* () {
      let current = request
      for (let hops = 0; ; hops++) {
        const answer = yield* send(current)
        const location = answer.header("location")
        if (!REDIRECTS.has(answer.status) || location === undefined) return answer
        yield* discard(answer)
        const url = yield* Effect.fromResult(allowLocation(location, "redirect", settings, current.url))
        if (hops === MOST) {
          return yield* new RegistryNotAllowed({
            host: url.host,
            hop: "redirect",
            reason: "it is one redirect too many"
          })
        }
        current = next(current, url, repository)
      }
    })
