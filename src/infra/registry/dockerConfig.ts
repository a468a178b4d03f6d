import { readFile } from "node:fs/promises"
import { Effect, Option, Redacted, Result, Schema } from "effect"
import { decodeJson, nullable } from "../../domain/registry/json.ts"
import { type Reference, repositoryOf } from "../../domain/registry/Reference.ts"
import { credentialOf, IDENTITY, type RegistryCredential } from "../../domain/registry/RegistryCredentials.ts"
import { canonicalHost, HUB } from "../../domain/registry/RegistryHost.ts"
import { askHelper } from "./credentialHelper.ts"
import { LoginUnusable } from "./LoginUnusable.ts"

/** As much as is used of the file that `docker login`, `podman login` and their like write. */
const DockerConfig = Schema.Struct({
  auths: nullable(Schema.Record(Schema.String, Schema.Unknown)),
  credsStore: nullable(Schema.String),
  credHelpers: nullable(Schema.Record(Schema.String, Schema.String))
})
type DockerConfig = typeof DockerConfig.Type

const Auth = Schema.Struct({
  auth: nullable(Schema.String),
  username: nullable(Schema.String),
  password: nullable(Schema.String),
  identitytoken: nullable(Schema.String)
})

/** The name that Docker keeps its Hub under. */
const HUB_SERVER = "https://index.docker.io/v1/"

/** A key as a reference writes it: Docker also writes addresses, with `/v1/` at their end. */
const named = (key: string): string => {
  const name = key.replace(/^https?:\/\//iu, "").replace(/(?:\/v[12])?\/*$/u, "")
  const slash = name.indexOf("/")
  return slash === -1 ? canonicalHost(name) : canonicalHost(name.slice(0, slash)) + name.slice(slash)
}

/** What an entry may be under: the repository, whatever it lies in, and at last its registry (containers-auth.json(5)). */
const scopesOf = (reference: Reference): ReadonlyArray<string> => {
  const parts = repositoryOf(reference).split("/")
  return parts.map((_, at) => parts.slice(0, parts.length - at).join("/"))
}

/** The values that a record has for a reference, the nearest first. */
const valuesFor = <A>(record: Readonly<Record<string, A>> | null | undefined, reference: Reference) => {
  const entries = Object.entries(record ?? {})
  return scopesOf(reference).flatMap((scope) => entries.filter(([key]) => named(key) === scope))
}

/** `auth` is the user's name, a colon and the password, in base64. */
const pairOf = (auth: string): Option.Option<readonly [username: string, password: string]> => {
  const text = Buffer.from(auth, "base64").toString("utf8")
  const colon = text.indexOf(":")
  // Old versions of Docker filled it up with zeros.
  return colon < 1 ? Option.none() : Option.some([text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/u, "")])
}

/** An entry that holds nothing says that the secret is elsewhere. */
const credentialIn = (entry: unknown): Result.Result<Option.Option<RegistryCredential>, void> =>
  Result.flatMap(Schema.decodeUnknownResult(Auth)(entry), ({ auth, username, password, identitytoken }) => {
    const pair = auth ? pairOf(auth) : username ? Option.some([username, password ?? ""] as const) : Option.none()
    if (auth && Option.isNone(pair)) return Result.fail(undefined)
    if (identitytoken) {
      const [user] = Option.getOrElse(pair, () => [IDENTITY] as const)
      const token = Redacted.make(identitytoken)
      return Result.succeed(Option.some({ username: user, password: token, identityToken: token }))
    }
    return Result.succeed(
      Option.map(pair, ([user, secret]) => credentialOf({ username: user, password: Redacted.make(secret) }))
    )
  }).pipe(Result.mapError(() => undefined))

const written = Effect.fnUntraced(function* (config: DockerConfig, file: string, reference: Reference) {
  for (const [key, entry] of valuesFor(config.auths, reference)) {
    const credential = credentialIn(entry)
    if (Result.isFailure(credential)) {
      return yield* new LoginUnusable({ message: `${file} has an entry for ${key} that cannot be read.` })
    }
    if (Option.isSome(credential.success)) return credential.success
  }
  return Option.none<RegistryCredential>()
})

/** Docker's own name of its Hub comes first; other programs keep it under the one that references have. */
const serversOf = ({ registry }: Reference) => (registry === HUB ? [HUB_SERVER, HUB] : [registry])

/** What a file, or the helper it names, has for a reference. A helper of a registry's own comes before the one for all. */
const lookUp = Effect.fnUntraced(function* (config: DockerConfig, file: string, reference: Reference) {
  const [own] = valuesFor(config.credHelpers, reference)
  const name = own === undefined ? config.credsStore : own[1]
  // An empty name says that this registry's entry is in the file itself.
  if (!name) return yield* written(config, file, reference)
  for (const server of serversOf(reference)) {
    const found = yield* askHelper({ name, file }, server)
    if (Option.isSome(found)) return found
  }
  return Option.none<RegistryCredential>()
})

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")

/** What a parser says of a file would show some of it: it is not told. */
export const credentialFrom = Effect.fnUntraced(function* (file: string, reference: Reference) {
  const bytes = yield* Effect.tryPromise({ try: () => readFile(file), catch: (error) => error }).pipe(
    Effect.catch((error) =>
      isAbsent(error)
        ? Effect.undefined
        : Effect.fail(new LoginUnusable({ message: `${file}, with the logins to registries, cannot be read.` }))
    )
  )
  if (bytes === undefined) return Option.none<RegistryCredential>()
  const config = Result.flatMap(decodeJson(bytes), Schema.decodeUnknownResult(DockerConfig))
  if (Result.isSuccess(config)) return yield* lookUp(config.success, file, reference)
  return yield* new LoginUnusable({
    message: `${file} should hold logins to registries, as docker login writes them, and does not.`
  })
})
