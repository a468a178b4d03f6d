import { Option, Redacted } from "effect"

/** Parameters of libpq's that mean the same here; whatever else a URL had would have no effect. */
const PARAMETERS: ReadonlySet<string> = new Set([
  "application_name",
  "host",
  "options",
  "sslcert",
  "sslkey",
  "sslmode",
  "sslrootcert"
])

const SSL_MODES: ReadonlySet<string | null> = new Set([null, "disable", "require", "verify-ca", "verify-full"])

export const ACCEPTED =
  "a URL such as `postgres://user:password@host:5432/database?sslmode=verify-full` (with a database, user and password " +
  "percent-encoded; `sslmode` is `disable`, `require`, `verify-ca` or `verify-full`, and the other parameters that are " +
  "known are `sslrootcert`, `sslcert`, `sslkey`, `host`, `options` and `application_name`)"

const decoded = Option.liftThrowable(decodeURIComponent)

export const isPostgresUrl = (text: string): boolean => {
  const url = URL.parse(text)
  if (url === null || Option.isNone(decoded(text)) || /\s/u.test(text)) return false
  const parameters = url.searchParams
  return (
    /^postgres(?:ql)?:$/u.test(url.protocol) &&
    /^\/[^/]+$/u.test(url.pathname) &&
    (url.hostname !== "" || parameters.has("host")) &&
    [...parameters.keys()].every((name) => PARAMETERS.has(name)) &&
    SSL_MODES.has(parameters.get("sslmode")) &&
    (parameters.get("sslmode") !== "verify-ca" || parameters.has("sslrootcert"))
  )
}

/** What may be shown of it. */
export const nameOf = (url: Redacted.Redacted<string>): string => {
  const { pathname, host, searchParams } = new URL(Redacted.value(url))
  return `${decodeURIComponent(pathname.slice(1))} on ${host === "" ? searchParams.get("host") : host}`
}

/** As the client takes it: it has meanings of its own for `sslmode`, unless it is asked for libpq's. */
export const connectionString = (url: Redacted.Redacted<string>): string => {
  const given = new URL(Redacted.value(url))
  if (given.searchParams.has("sslmode")) given.searchParams.set("uselibpqcompat", "true")
  return given.href
}
