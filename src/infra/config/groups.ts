import { availableParallelism } from "node:os"
import { join, resolve } from "node:path"
import { Effect, Layer, Option, Struct } from "effect"
import { Limits } from "../../domain/image/Limits.ts"
import { KeySettings } from "../../domain/key/KeySettings.ts"
import { TokenSettings } from "../../domain/token/TokenSettings.ts"
import { DatabaseSettings } from "../database/DatabaseSettings.ts"
import { EventSettings } from "../event/EventSettings.ts"
import { Argon2Settings } from "../identity/Argon2Settings.ts"
import { ReadingRoomSettings } from "../image/ReadingRoomSettings.ts"
import { defaults as registryDefaults, RegistrySettings } from "../registry/RegistrySettings.ts"
import { MasterSecretSettings } from "../secret/MasterSecretSettings.ts"
import { group } from "./Group.ts"
import { settings } from "./settings.ts"

const DATABASE_FILE = "keyhole.db"

const nothing = () => []
const inFull = Effect.map((path: string) => resolve(path))
const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`

/** What works with the database. */
export const ofDatabase = group(
  Struct.pick(settings, ["databaseUrl", "dataDirectory", "eventRetention"]),
  ({ databaseUrl, dataDirectory, eventRetention }) =>
    Layer.mergeAll(
      Layer.effect(
        DatabaseSettings,
        Effect.gen(function* () {
          const url = yield* databaseUrl.read
          if (Option.isSome(url)) return { kind: "postgres" as const, url: url.value }
          return { kind: "sqlite" as const, file: join(yield* inFull(dataDirectory.read), DATABASE_FILE) }
        })
      ),
      Layer.effect(EventSettings, Effect.all({ retention: eventRetention.read }))
    )
)

/** What makes accounts and checks passwords. */
export const ofAccounts = group(
  Struct.pick(settings, ["argon2Memory", "argon2Time", "argon2Concurrency", "argon2Queue"]),
  ({ argon2Memory, argon2Time, argon2Concurrency, argon2Queue }) =>
    Layer.effect(
      Argon2Settings,
      Effect.all({
        memoryKiB: argon2Memory.read,
        time: argon2Time.read,
        concurrency: Effect.map(argon2Concurrency.read, Option.getOrElse(availableParallelism)),
        queue: argon2Queue.read
      })
    )
)

/** What works with the signing keys. */
export const ofKeys = group(
  Struct.pick(settings, [
    "secret",
    "dataDirectory",
    "issuer",
    "host",
    "port",
    "audience",
    "accessTtl",
    "refreshTtl",
    "refreshGrace",
    "leeway",
    "keyRotation"
  ]),
  ({ secret, dataDirectory, issuer, host, port, keyRotation, ...used }) => {
    const ownUrl = Effect.map(Effect.all({ host: host.read, port: port.read }), urlOf)
    return Layer.mergeAll(
      Layer.effect(MasterSecretSettings, Effect.all({ given: secret.read, dataDirectory: inFull(dataDirectory.read) })),
      Layer.effect(
        TokenSettings,
        Effect.all({
          issuer: Effect.flatMap(issuer.read, Option.match({ onNone: () => ownUrl, onSome: Effect.succeed })),
          audience: used.audience.read,
          accessTtl: used.accessTtl.read,
          refreshTtl: used.refreshTtl.read,
          refreshGrace: used.refreshGrace.read,
          leeway: used.leeway.read
        })
      ),
      Layer.effect(KeySettings, Effect.all({ rotateEvery: keyRotation.read }))
    )
  }
)

/** What looks into images. */
export const ofImages = group(
  Struct.pick(settings, [
    "registryPrivate",
    "registryInsecure",
    "readings",
    "readingsQueue",
    "layerMaxBytes",
    "layerMaxEntries",
    "imageMaxBytes",
    "imageMaxEntries",
    "layerTimeout"
  ]),
  ({ registryPrivate, registryInsecure, readings, readingsQueue, ...limits }) =>
    Layer.mergeAll(
      Layer.effect(
        RegistrySettings,
        Effect.all({
          private: Effect.map(registryPrivate.read, Option.getOrElse(nothing)),
          insecure: Effect.map(registryInsecure.read, Option.getOrElse(nothing))
        }).pipe(Effect.map((given) => ({ ...registryDefaults, ...given })))
      ),
      Layer.effect(ReadingRoomSettings, Effect.all({ atOnce: readings.read, queue: readingsQueue.read })),
      Layer.effect(
        Limits,
        Effect.all({
          maxBytes: limits.layerMaxBytes.read,
          maxEntries: limits.layerMaxEntries.read,
          maxImageBytes: limits.imageMaxBytes.read,
          maxImageEntries: limits.imageMaxEntries.read,
          timeout: limits.layerTimeout.read
        }).pipe(Effect.flatMap((given) => Effect.map(Limits, (bounds) => ({ ...bounds, ...given }))))
      )
    )
)
