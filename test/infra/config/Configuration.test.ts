import { resolve } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Cause, ConfigProvider, Duration, Effect, Exit, Layer, Option, Redacted } from "effect"
import { Limits } from "../../../src/domain/image/Limits.ts"
import { SessionSettings } from "../../../src/domain/session/SessionSettings.ts"
import { TokenSettings } from "../../../src/domain/token/TokenSettings.ts"
import * as Configuration from "../../../src/infra/config/Configuration.ts"
import { Neighbours } from "../../../src/infra/config/Neighbours.ts"
import { ServerAddress } from "../../../src/infra/config/ServerAddress.ts"
import { documented } from "../../../src/infra/config/settings.ts"
import { DatabaseSettings } from "../../../src/infra/database/DatabaseSettings.ts"
import { Argon2Settings } from "../../../src/infra/identity/Argon2Settings.ts"
import { GuessSettings } from "../../../src/infra/identity/GuessSettings.ts"
import { RegistrySettings } from "../../../src/infra/registry/RegistrySettings.ts"
import { MasterSecretSettings } from "../../../src/infra/secret/MasterSecretSettings.ts"

const SECRET = "dGhpcyBpcyBub3QgYSByZWFsIHNlY3JldA=="

const everything = Effect.all({
  address: ServerAddress,
  neighbours: Neighbours,
  database: DatabaseSettings,
  secret: MasterSecretSettings,
  token: TokenSettings,
  session: SessionSettings,
  argon2: Argon2Settings,
  guesses: GuessSettings,
  registry: RegistrySettings,
  limits: Limits
})

const inEnvironment = (env: Readonly<Record<string, string>>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const configured = (env: Readonly<Record<string, string>>) =>
  Effect.provide(everything, Layer.provide(Configuration.layer, inEnvironment(env)))

const problems = (env: Readonly<Record<string, string>>) =>
  Effect.map(Effect.flip(configured(env)), (error) => error.problems)

const WRONG: ReadonlyArray<readonly [name: string, value: string]> = [
  ["HOST", "not a host"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PORT", "8080x"],
  ["KEYHOLE_SECRET", "too short"],
  ["KEYHOLE_SECRET", "a".repeat(64)],
  ["KEYHOLE_ISSUER", "keyhole.example"],
  ["KEYHOLE_ISSUER", "ftp://keyhole.example"],
  ["KEYHOLE_ISSUER", "https://keyhole.example/?a=b"],
  ["KEYHOLE_ACCESS_TTL", "soon"],
  ["KEYHOLE_ACCESS_TTL", "30"],
  ["KEYHOLE_ACCESS_TTL", "0 seconds"],
  ["KEYHOLE_ACCESS_TTL", "-1 minutes"],
  ["KEYHOLE_ACCESS_TTL", "Infinity"],
  ["KEYHOLE_REFRESH_TTL", "366 days"],
  ["KEYHOLE_REFRESH_GRACE", "10 minutes"],
  ["KEYHOLE_CLOCK_LEEWAY", "1 hour"],
  ["KEYHOLE_MAX_SESSIONS", "0"],
  ["KEYHOLE_MAX_SESSIONS", "1.5"],
  ["KEYHOLE_TRUST_PROXY", "proxy.example"],
  ["KEYHOLE_TRUST_PROXY", "10.0.0.1/8"],
  ["KEYHOLE_TRUST_PROXY", "10.0.0.0/8,"],
  ["KEYHOLE_TRUST_PROXY", "::ffff:10.0.0.0/104"],
  ["KEYHOLE_CORS_ORIGINS", "*"],
  ["KEYHOLE_CORS_ORIGINS", "null"],
  ["KEYHOLE_CORS_ORIGINS", "app.example"],
  ["KEYHOLE_CORS_ORIGINS", "https://app.example/"],
  ["KEYHOLE_CORS_ORIGINS", "https://App.example"],
  ["KEYHOLE_CORS_ORIGINS", "https://app.example:443"],
  ["KEYHOLE_CORS_ORIGINS", "https://*.example"],
  ["KEYHOLE_CORS_ORIGINS", "https://app.example,"],
  ["KEYHOLE_CORS_ORIGINS", "file://app.example"],
  ["KEYHOLE_RATE_LIMIT", "no"],
  ["KEYHOLE_RATE_LIMIT", "offon"],
  ["KEYHOLE_ARGON2_MEMORY", "19456 KiB"],
  ["KEYHOLE_ARGON2_TIME", "0"],
  ["KEYHOLE_ARGON2_CONCURRENCY", "0"],
  ["KEYHOLE_ARGON2_QUEUE", "many"],
  ["KEYHOLE_REGISTRY_PRIVATE", "registry.example"],
  ["KEYHOLE_REGISTRY_PRIVATE", "registry.example:0"],
  ["KEYHOLE_REGISTRY_PRIVATE", "registry.example:5000,"],
  ["KEYHOLE_REGISTRY_PRIVATE", "http://registry.example:5000"],
  ["KEYHOLE_REGISTRY_PRIVATE", "10.0.0.0/8:443"],
  ["KEYHOLE_REGISTRY_PRIVATE", "10.0.0.256:443"],
  ["KEYHOLE_REGISTRY_PRIVATE", "host.0x1z.0x:443"],
  ["KEYHOLE_REGISTRY_PRIVATE", "[::ffff::1]:443"],
  ["KEYHOLE_REGISTRY_INSECURE", "*:5000"],
  ["KEYHOLE_LAYER_MAX_BYTES", "16 GB"],
  ["KEYHOLE_LAYER_MAX_BYTES", "0"],
  ["KEYHOLE_LAYER_MAX_BYTES", "99999999999 GiB"],
  ["KEYHOLE_LAYER_MAX_ENTRIES", "1e6"],
  ["KEYHOLE_LAYER_TIMEOUT", "10 minute s"],
  ["DATABASE_URL", "keyhole"],
  ["DATABASE_URL", "mysql://ada:canary@localhost/keyhole"],
  ["DATABASE_URL", "postgres://ada:canary@localhost"],
  ["DATABASE_URL", "postgres://ada:canary@localhost/"],
  ["DATABASE_URL", "postgres://ada:canary@localhost:port/keyhole"],
  ["DATABASE_URL", "postgres://ada:100%canary@localhost/keyhole"],
  ["DATABASE_URL", "postgres://ada:canary@/keyhole"],
  ["DATABASE_URL", "postgres:///keyhole"],
  ["DATABASE_URL", "postgres://ada:canary@localhost/keyhole?sslmode=prefer"],
  ["DATABASE_URL", "postgres://ada:canary@localhost/keyhole?sslmode=verify-ca"],
  ["DATABASE_URL", "postgres://ada:canary@localhost/keyhole?statement_timeout=0"],
  ["REDIS_URL", "localhost:6379"],
  ["REDIS_URL", "http://ada:canary@localhost"],
  ["REDIS_URL", "redis://ada:canary@"],
  ["REDIS_URL", "redis://ada:canary@localhost:port"],
  ["REDIS_URL", "redis://ada:100%canary@localhost"],
  ["REDIS_URL", "redis://ada:canary@localhost/first"],
  ["REDIS_URL", "redis://ada:canary@localhost/0?family=6"]
]

const POSTGRES = [
  "postgres://localhost/keyhole",
  "postgresql://ada:p%40ss@db.example:6432/keyhole?sslmode=require",
  "postgres://ada@[::1]/keyhole?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=keyhole-1",
  "postgres:///keyhole?host=/run/postgresql"
]

const NEVER_SHOWN = new Set(["KEYHOLE_SECRET", "DATABASE_URL", "REDIS_URL"])

describe("Configuration", () => {
  it.effect("has a default for everything", () =>
    Effect.gen(function* () {
      const { address, neighbours, database, secret, token, session, argon2, guesses, registry, limits } =
        yield* configured({})
      expect(address).toEqual({ host: "127.0.0.1", port: 8080 })
      expect(neighbours).toEqual({ trustedProxies: [], allowedOrigins: new Set() })
      expect(database).toEqual({ kind: "sqlite", file: resolve("data/keyhole.db") })
      expect(secret).toEqual({ given: Option.none(), dataDirectory: resolve("data") })
      expect(token).toEqual({
        issuer: "http://127.0.0.1:8080",
        audience: "keyhole",
        accessTtl: Duration.minutes(30),
        refreshTtl: Duration.days(7),
        refreshGrace: Duration.seconds(10),
        leeway: Duration.seconds(5)
      })
      expect(session).toEqual({ atMost: 10, ttl: Duration.hours(24), max: Duration.days(30), idle: null })
      expect(argon2).toEqual({ memoryKiB: 19_456, time: 2, concurrency: argon2.concurrency, queue: 64 })
      expect(argon2.concurrency).toBeGreaterThanOrEqual(1)
      expect(guesses).toEqual({ limited: true })
      expect(registry).toMatchObject({ private: [], insecure: [] })
      expect(limits).toMatchObject({
        maxBytes: 16 * 1024 ** 3,
        maxEntries: 2_000_000,
        timeout: Duration.minutes(10)
      })
    })
  )

  it.effect("takes what the environment says", () =>
    Effect.gen(function* () {
      const { address, neighbours, secret, token, argon2, guesses, registry, limits } = yield* configured({
        HOST: "::1",
        PORT: "0",
        NODE_ENV: "production",
        KEYHOLE_SECRET: SECRET,
        KEYHOLE_CORS_ORIGINS: "https://app.example, http://localhost:3000",
        KEYHOLE_TRUST_PROXY: "127.0.0.1, 10.0.0.0/8,fd00:0::/8",
        KEYHOLE_ACCESS_TTL: "90 seconds",
        KEYHOLE_REFRESH_GRACE: "0 seconds",
        KEYHOLE_ARGON2_CONCURRENCY: "3",
        KEYHOLE_RATE_LIMIT: "off",
        KEYHOLE_REGISTRY_PRIVATE: "Registry.example:5000, 10.0.0.7:443,[fd00:0::7]:5000",
        KEYHOLE_REGISTRY_INSECURE: "localhost:5000",
        KEYHOLE_LAYER_MAX_BYTES: "512 MiB"
      })
      expect(address).toEqual({ host: "::1", port: 0 })
      expect(Redacted.value(Option.getOrThrow(secret.given))).toBe(SECRET)
      expect(token.issuer).toBe("http://[::1]:0")
      expect(neighbours.trustedProxies.map(String)).toEqual(["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])
      expect(neighbours.allowedOrigins).toEqual(new Set(["https://app.example", "http://localhost:3000"]))
      expect(token.accessTtl).toEqual(Duration.seconds(90))
      expect(Duration.toMillis(token.refreshGrace)).toBe(0)
      expect(argon2.concurrency).toBe(3)
      expect(guesses).toEqual({ limited: false })
      expect(registry.private).toEqual(["registry.example:5000", "10.0.0.7:443", "[fd00::7]:5000"])
      expect(registry.insecure).toEqual(["localhost:5000"])
      expect(limits.maxBytes).toBe(512 * 1024 ** 2)
    })
  )

  it.effect("takes a variable that is set to nothing for one that is not set", () =>
    Effect.gen(function* () {
      const env = Object.fromEntries(documented.map(({ name }) => [name, ""]))
      expect((yield* configured(env)).token.issuer).toBe("http://127.0.0.1:8080")
    })
  )

  it.effect.each(WRONG)("refuses %s=%s with one sentence that names it and says what it must be", ([name, value]) =>
    Effect.gen(function* () {
      const [sentence, ...others] = yield* problems({ [name]: value })
      expect(others).toEqual([])
      expect(sentence).toMatch(new RegExp(`^${name} must be [^\n]+\\.$`, "u"))
      expect(sentence?.includes(value)).toBe(!NEVER_SHOWN.has(name))
      expect(sentence).not.toContain("canary")
    })
  )

  it.effect.each(POSTGRES)("takes %s for its database", (url) =>
    Effect.gen(function* () {
      const { database } = yield* configured({ DATABASE_URL: url })
      expect(database).toEqual({ kind: "postgres", url: Redacted.make(url) })
    })
  )

  it.effect("needs a secret in production", () =>
    Effect.gen(function* () {
      const sentence = "KEYHOLE_SECRET must be set when NODE_ENV is production."
      expect(yield* problems({ NODE_ENV: "production" })).toEqual([sentence])
      expect(yield* problems({ NODE_ENV: "production", KEYHOLE_SECRET: "" })).toEqual([sentence])
      yield* configured({ NODE_ENV: "production", KEYHOLE_SECRET: SECRET })
    })
  )

  it.effect("names everything that is wrong at once", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        configured({ PORT: "x", KEYHOLE_ACCESS_TTL: "y", REDIS_URL: "z", NODE_ENV: "production" })
      )
      expect(error.problems.map((problem) => problem.split(" ")[0])).toEqual([
        "PORT",
        "REDIS_URL",
        "KEYHOLE_ACCESS_TTL",
        "KEYHOLE_SECRET"
      ])
      expect(error.message.split("\n")).toEqual(error.problems)
    })
  )

  const parts = [
    ["accounts", Effect.asVoid(Layer.build(Configuration.accounts))],
    ["the database", Effect.asVoid(Layer.build(Configuration.database))],
    ["images", Effect.asVoid(Layer.build(Configuration.images))],
    ["the keys", Effect.asVoid(Layer.build(Configuration.keys))]
  ] as const

  it.effect.each(parts)("of %s is refused for what it uses and is wrong, and for nothing else", ([, part]) =>
    Effect.gen(function* () {
      let refused = 0
      for (const [name, value] of WRONG) {
        const exit = yield* Effect.exit(Effect.scoped(Effect.provide(part, inEnvironment({ [name]: value }))))
        if (Exit.isSuccess(exit)) continue
        refused += 1
        const error = exit.cause.reasons.find(Cause.isFailReason)?.error
        expect(error?.problems.map((problem) => problem.split(" ")[0])).toEqual([name])
      }
      expect(refused).toBeGreaterThan(0)
      expect(refused).toBeLessThan(WRONG.length)
    })
  )
})
