import { isIP, type LookupFunction } from "node:net"
import { Effect } from "effect"
import { allowAddresses, allowUrl, hostPort } from "../../domain/registry/egress.ts"
import { RegistryTimeout, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { ConnectionLost, type Request } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"
import type { Resolver } from "./Resolver.ts"

/** The host of a URL as sockets take it: an IPv6 address without its brackets. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/gu, "")

/** A socket is given only the addresses that were checked; there is no second look-up between check and use. */
const lookupOf =
  (addresses: ReadonlyArray<string>): LookupFunction =>
  (_name, options, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }))
    const [first] = found
    if (options.all === true) callback(null, found)
    else callback(null, first?.address ?? "", first?.family)
  }

const nobodyThere = (url: URL) => new RegistryUnreachable({ host: url.host, reason: "there is no such host" })

/**
 * Puts a request's URL and addresses to the egress policy, and gives its socket a look-up of what was checked. Every request is
 * checked, those to a host met before too; a name is resolved once.
 */
export const pinnedLookup = (settings: Settings, resolver: Resolver["Service"]) => {
  const resolved = new Map<string, ReadonlyArray<string>>()

  const resolve = (url: URL) =>
    resolver.resolve(bareHost(url)).pipe(
      Effect.mapError((error) =>
        error.isTemporary
          ? new ConnectionLost({ host: url.host, reason: "its name could not be resolved just now" })
          : nobodyThere(url)
      ),
      Effect.timeoutOrElse({
        duration: settings.connectTimeout,
        orElse: () => Effect.fail(new RegistryTimeout({ host: url.host }))
      })
    )

  return Effect.fnUntraced(function* (url: URL, hop: Request["hop"]) {
    yield* Effect.fromResult(allowUrl(url, hop, settings))
    const name = bareHost(url)
    const known = isIP(name) === 0 ? resolved.get(hostPort(url)) : [name]
    const found = known ?? (yield* resolve(url))
    const allowed = yield* Effect.fromResult(allowAddresses(url, hop, found, settings))
    if (allowed.length === 0) return yield* nobodyThere(url)
    resolved.set(hostPort(url), allowed)
    return lookupOf(allowed)
  })
}
