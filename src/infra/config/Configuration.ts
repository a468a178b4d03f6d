import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { Effect, Layer, Option } from "effect"
import { Limits } from "../../domain/image/Limits.ts"
import { KeySettings } from "../../domain/key/KeySettings.ts"
import { SessionSettings } from "../../domain/session/SessionSettings.ts"
import { TokenSettings } from "../../domain/token/TokenSettings.ts"
import { DatabaseSettings } from "../database/DatabaseSettings.ts"
import { EventSettings } from "../event/EventSettings.ts"
import { Argon2Settings } from "../identity/Argon2Settings.ts"
import { GuessSettings } from "../identity/GuessSettings.ts"
import { ReadingRoomSettings } from "../image/ReadingRoomSettings.ts"
import { CountrySettings } from "../network/CountrySettings.ts"
import { defaults as registryDefaults, RegistrySettings } from "../registry/RegistrySettings.ts"
import { TracingSettings } from "../observability/TracingSettings.ts"
import { RedisSettings } from "../redis/RedisSettings.ts"
import { MasterSecretSettings } from "../secret/MasterSecretSettings.ts"
import { checked, checkedOf, checkedWithSecret } from "./checked.ts"
import { Neighbours } from "./Neighbours.ts"
import { ServerAddress } from "./ServerAddress.ts"
import { settings } from "./settings.ts"

const DATABASE_FILE = "keyhole.db"

const address = Effect.all({ host: settings.host.read, port: settings.port.read })
const dataDirectory = Effect.map(settings.dataDirectory.read, (path) => resolve(path))
const ownUrl = Effect.map(address, ({ host, port }) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`)
const nothing = () => []

const ofDatabase = Layer.mergeAll(
  Layer.effect(
    DatabaseSettings,
    Effect.gen(function* () {
      const url = yield* settings.databaseUrl.read
      if (Option.isSome(url)) return { kind: "postgres" as const, url: url.value }
      return { kind: "sqlite" as const, file: join(yield* dataDirectory, DATABASE_FILE) }
    })
  ),
  Layer.effect(EventSettings, Effect.all({ retention: settings.eventRetention.read }))
)

const ofAccounts = Layer.effect(
  Argon2Settings,
  Effect.all({
    memoryKiB: settings.argon2Memory.read,
    time: settings.argon2Time.read,
    concurrency: Effect.map(settings.argon2Concurrency.read, Option.getOrElse(availableParallelism)),
    queue: settings.argon2Queue.read
  })
)

const ofKeys = Layer.mergeAll(
  Layer.effect(MasterSecretSettings, Effect.all({ given: settings.secret.read, dataDirectory })),
  Layer.effect(
    TokenSettings,
    Effect.all({
      issuer: Effect.flatMap(settings.issuer.read, Option.match({ onNone: () => ownUrl, onSome: Effect.succeed })),
      audience: settings.audience.read,
      accessTtl: settings.accessTtl.read,
      refreshTtl: settings.refreshTtl.read,
      refreshGrace: settings.refreshGrace.read,
      leeway: settings.leeway.read
    })
  ),
  Layer.effect(KeySettings, Effect.all({ rotateEvery: settings.keyRotation.read }))
)

const ofImages = Layer.mergeAll(
  Layer.effect(
    RegistrySettings,
    Effect.all({
      private: Effect.map(settings.registryPrivate.read, Option.getOrElse(nothing)),
      insecure: Effect.map(settings.registryInsecure.read, Option.getOrElse(nothing))
    }).pipe(Effect.map((given) => ({ ...registryDefaults, ...given })))
  ),
  Layer.effect(ReadingRoomSettings, Effect.all({ atOnce: settings.readings.read, queue: settings.readingsQueue.read })),
  Layer.effect(
    Limits,
    Effect.all({
      maxBytes: settings.layerMaxBytes.read,
      maxEntries: settings.layerMaxEntries.read,
      maxImageBytes: settings.imageMaxBytes.read,
      maxImageEntries: settings.imageMaxEntries.read,
      timeout: settings.layerTimeout.read
    }).pipe(Effect.flatMap((given) => Effect.map(Limits, (bounds) => ({ ...bounds, ...given }))))
  )
)

const services = Layer.mergeAll(
  ofDatabase,
  ofAccounts,
  ofKeys,
  ofImages,
  Layer.effect(RedisSettings, Effect.all({ url: settings.redisUrl.read })),
  Layer.effect(TracingSettings, Effect.all({ collector: settings.collector.read })),
  Layer.effect(ServerAddress, address),
  Layer.effect(
    Neighbours,
    Effect.all({
      trustedProxies: Effect.map(settings.trustProxy.read, Option.getOrElse(nothing)),
      allowedOrigins: Effect.map(settings.corsOrigins.read, (origins) => new Set(Option.getOrElse(origins, nothing)))
    })
  ),
  Layer.effect(
    SessionSettings,
    Effect.all({
      atMost: settings.maxSessions.read,
      ttl: settings.sessionTtl.read,
      max: settings.sessionMax.read,
      idle: Effect.map(settings.sessionIdle.read, Option.getOrNull)
    })
  ),
  Layer.effect(CountrySettings, Effect.all({ file: Effect.map(settings.geoip.read, Option.getOrNull) })),
  Layer.effect(GuessSettings, Effect.all({ limited: settings.rateLimit.read }))
)

/** The configuration as the plain values that everything else works with; what was checked cannot fail to be read. */
export const layer = Layer.unwrap(Effect.as(checked, Layer.orDie(services)))

const databaseInUse = [settings.databaseUrl, settings.dataDirectory, settings.eventRetention]

/** What works with the database alone. */
export const database = Layer.unwrap(Effect.as(checkedOf(databaseInUse), Layer.orDie(ofDatabase)))

/** What works with accounts: a command for them should not fail over the port of a service it does not start. */
export const accounts = Layer.unwrap(
  Effect.as(
    checkedOf([
      ...databaseInUse,
      settings.argon2Memory,
      settings.argon2Time,
      settings.argon2Concurrency,
      settings.argon2Queue
    ]),
    Layer.orDie(Layer.merge(ofDatabase, ofAccounts))
  )
)

/** What works with the signing keys. */
export const keys = Layer.unwrap(
  Effect.as(
    checkedWithSecret([
      ...databaseInUse,
      settings.secret,
      settings.issuer,
      settings.host,
      settings.port,
      settings.audience,
      settings.accessTtl,
      settings.refreshTtl,
      settings.refreshGrace,
      settings.leeway,
      settings.keyRotation
    ]),
    Layer.orDie(Layer.merge(ofDatabase, ofKeys))
  )
)

/** The server that the command line asks. */
export const server = Effect.andThen(checkedOf([settings.server]), Effect.orDie(settings.server.read))

/** What works with images alone. */
export const images = Layer.unwrap(
  Effect.as(
    checkedOf([
      settings.registryPrivate,
      settings.registryInsecure,
      settings.readings,
      settings.readingsQueue,
      settings.layerMaxBytes,
      settings.layerMaxEntries,
      settings.imageMaxBytes,
      settings.imageMaxEntries,
      settings.layerTimeout
    ]),
    Layer.orDie(ofImages)
  )
)
