import { isIP } from "node:net"
import { Duration, Option, Result, Schema } from "effect"
import { type Network, parseNetwork } from "../../domain/network/Address.ts"
import { parseServerUrl } from "../../domain/network/serverUrl.ts"

/** What a setting may be: the values it has, and how they are written. */
export interface Kind<out A> {
  /** Ends the sentence "X must be …". */
  readonly accepts: string
  readonly parse: (text: string) => Option.Option<A>
  /** A value that is wrong is not shown either. */
  readonly secret?: true
}

const when = <A>(value: A, fits: boolean): Option.Option<A> => (fits ? Option.some(value) : Option.none())

export const kind = <A>(accepts: string, parse: (text: string) => Option.Option<A>): Kind<A> => ({ accepts, parse })

export const count = (atLeast: number, atMost: number): Kind<number> =>
  kind(`a whole number from ${atLeast} to ${atMost}`, (text) => {
    const value = Number(text)
    return when(value, /^\d{1,15}$/u.test(text) && value >= atLeast && value <= atMost)
  })

const readDuration = Schema.decodeUnknownOption(Schema.DurationFromString)

const SPANS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1]
] as const

/** A duration as the settings take it: in the largest unit that divides it. */
const written = (duration: Duration.Duration): string => {
  const millis = Duration.toMillis(duration)
  const [unit, length] = SPANS.find(([, span]) => millis >= span && millis % span === 0) ?? ["second", 1000]
  return `${millis / length} ${unit}${millis === length ? "" : "s"}`
}

/** Durations from `atLeast` on, `Infinity` excluded. */
export const duration = (
  atLeast: Duration.Input,
  example: string,
  atMost: Duration.Input = "365 days"
): Kind<Duration.Duration> => {
  const [lowest, highest] = [Duration.fromInputUnsafe(atLeast), Duration.fromInputUnsafe(atMost)]
  const bounds = `from ${written(lowest)} to ${written(highest)}`
  return kind(`a duration such as \`${example}\`, ${bounds}`, (text) =>
    /^\d/u.test(text)
      ? Option.filter(readDuration(text), (value) => Duration.between(value, { minimum: lowest, maximum: highest }))
      : Option.none()
  )
}

/** The same, or the word for having none of it. */
export const orNever = <A>({ accepts, parse }: Kind<A>): Kind<Option.Option<A>> =>
  kind(`${accepts}, or \`never\``, (text) =>
    text === "never" ? Option.some(Option.none()) : Option.map(parse(text), Option.some)
  )

const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

export const bytes = (example: string): Kind<number> =>
  kind(`a number of bytes such as \`${example}\` (a plain number, or KiB, MiB or GiB)`, (text) => {
    const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,3})?) ?(|[KMG]iB)$/u.exec(text) ?? []
    const value = Math.floor(Number(digits) * (UNITS[unit ?? ""] ?? Number.NaN))
    return when(value, Number.isSafeInteger(value) && value > 0)
  })

// RFC 1123 §2.1: labels of letters, digits and hyphens.
const NAME = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/iu

const isHost = (text: string): boolean => isIP(text) > 0 || (NAME.test(text) && !/^[\d.]+$/u.test(text))

export const host: Kind<string> = kind("a host name or an address such as `127.0.0.1`", (text) =>
  when(text, isHost(text))
)

/** `host:port` in the spelling that URLs use, so that a list and a URL agree on what is the same host. */
const hostPort = (text: string): Option.Option<string> => {
  const [, bracketed, plain = "", port] = /^(?:\[([\da-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/iu.exec(text) ?? []
  const isKnown = bracketed === undefined ? isHost(plain) : isIP(bracketed) === 6
  const url = URL.parse(`http://${bracketed === undefined ? plain : `[${bracketed}]`}`)
  const number = Number(port)
  return url === null ? Option.none() : when(`${url.hostname}:${number}`, isKnown && number >= 1 && number <= 65_535)
}

export const hostPorts: Kind<ReadonlyArray<string>> = kind(
  "hosts with their ports, separated by commas, such as `registry.example:5000,10.0.0.7:443`",
  (text) => Option.all(text.split(",").map((each) => hostPort(each.trim())))
)

export const networks: Kind<ReadonlyArray<Network>> = kind(
  "addresses or networks, separated by commas, such as `127.0.0.1,10.0.0.0/8,fd00::/8`, IPv4 as IPv4 and no bits beyond a network's prefix",
  (text) => Option.all(text.split(",").map((each) => parseNetwork(each.trim())))
)

/** As browsers write it (RFC 6454 §6.2): nothing after the port, and no port that the scheme has anyway. */
const isOrigin = (text: string): boolean => /^https?:\/\/[^*]+$/u.test(text) && URL.parse(text)?.origin === text

export const origins: Kind<ReadonlyArray<string>> = kind(
  "origins as browsers write them, separated by commas, such as `https://app.example,http://localhost:3000`, in lower case and without a path",
  (text) => {
    const items = text.split(",").map((each) => each.trim())
    return when(items, items.every(isOrigin))
  }
)

/** An issuer identifier (RFC 8414 §2), plain http allowed for machines that only speak to themselves. */
export const issuer: Kind<string> = kind("an http or https URL without query and fragment", (text) => {
  const url = URL.parse(text)
  return when(
    text,
    url !== null &&
      /^https?:$/u.test(url.protocol) &&
      url.username === "" &&
      url.password === "" &&
      !/[?#\s]/u.test(text)
  )
})

/** Where a server of this service is, in the form that its clients give it. */
export const serverUrl: Kind<string> = kind("a server's address such as `https://keyhole.example`", (text) =>
  Result.getSuccess(parseServerUrl(text))
)

export const onOrOff: Kind<boolean> = kind("`on` or `off`", (value) =>
  when(value === "on", /^(?:on|off)$/u.test(value))
)

export const text = (accepts: string): Kind<string> => kind(accepts, Option.some)
