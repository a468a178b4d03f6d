import { Result } from "effect"
import { specialAddress } from "./address.ts"
import { type Hop, RegistryNotAllowed } from "./RegistryError.ts"

/** What the operator opened, as `host:port`: hosts in private address space, hosts spoken to without TLS. */
export interface EgressConfig {
  readonly private: ReadonlyArray<string>
  readonly insecure: ReadonlyArray<string>
}

type Decision<A> = Result.Result<A, RegistryNotAllowed>

/** `host:port` of an http or https URL, the port always written. */
export const hostPort = (url: URL): string =>
  `${url.hostname}:${url.port === "" ? (url.protocol === "http:" ? "80" : "443") : url.port}`

/** Reads a `host:port` as an operator writes it, into the form it is compared in. */
export const parseHostPort = (text: string): string | undefined => {
  const url = /^[^/?#@\s]+:\d+$/u.test(text) ? URL.parse(`http://${text}`) : null
  return url === null ? undefined : hostPort(url)
}

const refuse = (url: URL, hop: Hop, reason: string): Decision<never> =>
  Result.fail(new RegistryNotAllowed({ host: url.host, hop, reason }))

const lists = (list: ReadonlyArray<string>, url: URL): boolean =>
  list.some((entry) => parseHostPort(entry) === hostPort(url))

/** Where a registry's endpoint is spoken to: over TLS, unless the operator listed exactly that host and port. */
export const registryUrl = (endpoint: string, config: EgressConfig): URL => {
  const plain = new URL(`http://${endpoint}`)
  return lists(config.insecure, plain) ? plain : new URL(`https://${endpoint}`)
}

/** Whether anything may be sent to a URL, as far as the URL itself tells. `from` is the one that led to it. */
export const allowUrl = (url: URL, hop: Hop, config: EgressConfig, from?: URL): Decision<URL> => {
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse(url, hop, "only https is spoken")
  if (url.username !== "" || url.password !== "") return refuse(url, hop, "its URL has user information in it")
  if (url.protocol === "https:") return Result.succeed(url)
  if (from?.protocol === "https:") return refuse(url, hop, "https never falls to http")
  return lists(config.insecure, url) ? Result.succeed(url) : refuse(url, hop, "it is not https")
}

/** Reads a URL out of an answer, perhaps relative to where the answer came from, and asks whether it may be followed. */
export const allowLocation = (location: string, hop: Hop, config: EgressConfig, from: URL): Decision<URL> => {
  const url = URL.parse(location, from.href)
  if (url === null) return refuse(from, hop, "it points to something that is not a URL")
  url.hash = ""
  return allowUrl(url, hop, config, from)
}

/** What paths of the distribution API are made of; an encoded character could stand for a way out of the repository. */
const PLAIN_PATH = /^[\w./:@+=~-]*$/u

/**
 * Whether what proves who asks may be shown at a URL that an answer names: in the very repository, under `base`, over the
 * same scheme, at the same host and port. Another path of that host may be somebody else's.
 */
export const isInRepository = (url: URL, base: URL): boolean =>
  url.protocol === base.protocol &&
  hostPort(url) === hostPort(base) &&
  url.pathname.startsWith(base.pathname) &&
  PLAIN_PATH.test(url.pathname)

/** Whether tokens may be asked for at a realm: an absolute URL, over TLS unless the registry itself is without. */
export const allowRealm = (realm: string, registry: URL, config: EgressConfig): Decision<URL> =>
  URL.canParse(realm)
    ? allowLocation(realm, "realm", config, registry)
    : refuse(registry, "realm", "its realm is not a URL")

/** Whether a host may be connected to, now that its addresses are known: every one of them has to be fit. */
export const allowAddresses = (
  url: URL,
  hop: Hop,
  addresses: ReadonlyArray<string>,
  config: EgressConfig
): Decision<ReadonlyArray<string>> => {
  const isListed = lists(config.private, url)
  const special = addresses.map(specialAddress).find((found) => found !== undefined && !(found.private && isListed))
  if (special === undefined) return Result.succeed(addresses)
  const remedy = special.private ? `, and KEYHOLE_REGISTRY_PRIVATE does not list ${hostPort(url)}` : ""
  return refuse(url, hop, `its address is ${special.kind}${remedy}`)
}

/** A registry and the one other place its credentials may be shown to, each as `host:port`. */
export interface RealmBinding {
  readonly registry: string
  readonly realm: string
}

/** Whether a registry's credentials may be shown to a realm: its own host and port, or one bound to it. */
export const isBoundRealm = (realm: URL, registry: URL, bindings: ReadonlyArray<RealmBinding>): boolean =>
  hostPort(realm) === hostPort(registry) ||
  bindings.some((bound) => lists([bound.registry], registry) && lists([bound.realm], realm))
