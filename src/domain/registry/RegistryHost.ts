import { Result, Schema } from "effect"

/** A registry as references name it, lower case and with its port if it has one: `docker.io`, `localhost:5000`. */
export const RegistryHost = Schema.String.pipe(Schema.brand("RegistryHost"))
export type RegistryHost = typeof RegistryHost.Type

export const HUB = "docker.io"

// The grammar of github.com/distribution/reference, which `docker pull` uses.
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::([0-9]+))?$/u
/** A name that DNS can hold (RFC 1035 §2.3.4), a colon and a port. */
const LONGEST = 253 + 6

/** Whether the first component of an image's name is a host: it has a dot or a colon, or is `localhost`. */
export const isHostName = (component: string): boolean => component === "localhost" || /[.:]/u.test(component)

/** The one form of a host's names. */
export const canonicalHost = (host: string): string => {
  const lower = host.toLowerCase()
  return lower === "index.docker.io" ? HUB : lower
}

export const hostFault = (host: string): string | undefined => {
  const match = HOST.exec(host)
  // What the URL parser takes for an address has to be one (`1.2.3.256` is not), for it decides where we connect.
  if (match === null || !URL.canParse(`https://${host}`)) return `"${host}" is not a host name`
  return match[1] !== undefined && Number(match[1]) === 0 ? "a port is between 1 and 65535" : undefined
}

/** Reads a host by itself as it is read at the beginning of a reference; the failure is a reason. */
export const parseHost = (text: string): Result.Result<RegistryHost, string> => {
  if (text.length > LONGEST) return Result.fail(`a host has at most ${LONGEST} characters`)
  const host = canonicalHost(text)
  if (!isHostName(host)) return Result.fail(`"${text}" is not a registry: a registry has a dot or a port in its name`)
  const fault = hostFault(host)
  return fault === undefined ? Result.succeed(RegistryHost.make(host)) : Result.fail(fault)
}
