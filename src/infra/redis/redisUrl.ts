import { Option, Redacted } from "effect"

export const ACCEPTED =
  "a URL such as `redis://user:password@host:6379/0`, or `rediss://` over TLS (user and password percent-encoded, then " +
  "the number of a database)"

const decoded = Option.liftThrowable(decodeURIComponent)

export const isRedisUrl = (text: string): boolean => {
  const url = URL.parse(text)
  return (
    url !== null &&
    Option.isSome(decoded(text)) &&
    !/\s/u.test(text) &&
    /^rediss?:$/u.test(url.protocol) &&
    url.hostname !== "" &&
    /^(?:\/\d{0,4})?$/u.test(url.pathname) &&
    url.search === "" &&
    url.hash === ""
  )
}

/** What may be shown of it. */
export const nameOf = (url: Redacted.Redacted<string>): string => {
  const { host, pathname } = new URL(Redacted.value(url))
  return `${host}${pathname.length > 1 ? pathname : ""}`
}

/** Channels are not divided among the databases of a server, as keys are. */
export const databaseOf = (url: Redacted.Redacted<string>): number =>
  Number(new URL(Redacted.value(url)).pathname.slice(1))
