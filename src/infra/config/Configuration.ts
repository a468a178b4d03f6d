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
import { defaults as registryDefaults, RegistrySettings } from "../registry/RegistrySettings.ts"
import { MasterSecretSettings } from "../secret/MasterSecretSettings.ts"
import { checked } from "./checked.ts"
import { Neighbours } from "./Neighbours.ts"
import { ServerAddress } from "./ServerAddress.ts"
import { settings } from "./settings.ts"

const DATABASE_FILE = "keyhole.db"

const address = Effect.all({ host: settings.host.read, port: settings.port.read })
const dataDirectory = Effect.map(settings.dataDirectory.read, (path) => resolve(path))
const ownUrl = Effect.map(address, ({ host, port }) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`)
const nothing = () => []

const services = Layer.mergeAll(
  Layer.effect(ServerAddress, address),
  Layer.effect(
    Neighbours,
    Effect.all({
      trustedProxies: Effect.map(settings.trustProxy.read, Option.getOrElse(nothing)),
      allowedOrigins: Effect.map(settings.corsOrigins.read, (origins) => new Set(Option.getOrElse(origins, nothing)))
    })
  ),
  Layer.effect(
    DatabaseSettings,
    Effect.gen(function* () {
      const url = yield* settings.databaseUrl.read
      if (Option.isSome(url)) return { kind: "postgres" as const, url: url.value }
      return { kind: "sqlite" as const, file: join(yield* dataDirectory, DATABASE_FILE) }
    })
  ),
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
  Layer.effect(KeySettings, Effect.all({ rotateEvery: settings.keyRotation.read })),
  Layer.effect(
    SessionSettings,
    Effect.all({
      atMost: settings.maxSessions.read,
      ttl: settings.sessionTtl.read,
      max: settings.sessionMax.read,
      idle: Effect.map(settings.sessionIdle.read, Option.getOrNull)
    })
  ),
  Layer.effect(GuessSettings, Effect.all({ limited: settings.rateLimit.read })),
  Layer.effect(EventSettings, Effect.all({ retention: settings.eventRetention.read })),
  Layer.effect(
    Argon2Settings,
    Effect.all({
      memoryKiB: settings.argon2Memory.read,
      time: settings.argon2Time.read,
      concurrency: Effect.map(settings.argon2Concurrency.read, Option.getOrElse(availableParallelism)),
      queue: settings.argon2Queue.read
    })
  ),
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

/** The configuration as the plain values that everything else works with; what was checked cannot fail to be read. */
export const layer = Layer.unwrap(Effect.as(checked, Layer.orDie(services)))
