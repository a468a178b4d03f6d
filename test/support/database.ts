import { join } from "node:path"
import { Duration, Effect, Layer, Redacted } from "effect"
import * as RoleRepository from "../../src/infra/access/RoleRepository.ts"
import { rememberedRoles } from "../../src/infra/access/rememberedRoles.ts"
import * as Audience from "../../src/infra/change/Audience.ts"
import * as ChangeFeed from "../../src/infra/change/ChangeFeed.ts"
import { leased } from "../../src/infra/change/leased.ts"
import * as Messenger from "../../src/infra/change/Messenger.ts"
import * as Database from "../../src/infra/database/Database.ts"
import { DatabaseSettings } from "../../src/infra/database/DatabaseSettings.ts"
import * as UnitOfWork from "../../src/infra/database/UnitOfWork.ts"
import * as EventLog from "../../src/infra/event/EventLog.ts"
import { EventSettings } from "../../src/infra/event/EventSettings.ts"
import * as KnownBlobs from "../../src/infra/image/KnownBlobs.ts"
import * as Looks from "../../src/infra/image/Looks.ts"
import * as UserRepository from "../../src/infra/identity/UserRepository.ts"
import { rememberedUsers } from "../../src/infra/identity/rememberedUsers.ts"
import * as SessionStore from "../../src/infra/session/SessionStore.ts"
import { rememberedSessions } from "../../src/infra/session/rememberedSessions.ts"
import * as RefreshTokens from "../../src/infra/token/RefreshTokens.ts"
import * as TokenStorage from "../../src/infra/token/TokenStorage.ts"
import { rememberedCallers } from "../../src/infra/token/rememberedCallers.ts"
import { rememberedTokens } from "../../src/infra/token/rememberedTokens.ts"
import { newDatabase } from "./postgres/databases.ts"
import { temporaryFolder } from "./temporaryFolder.ts"
import { guesses } from "./vault.ts"

const bare = (settings: DatabaseSettings["Service"]) =>
  Layer.provide(Database.layer, Layer.succeed(DatabaseSettings, settings))

/** With nobody to tell of changes: who remembers looks into the log each time. */
export const opened = (settings: DatabaseSettings["Service"]) => Layer.merge(bare(settings), Audience.attentive)

/** The database in a file that a test names. */
export const at = (file: string) => opened({ kind: "sqlite", file })

/** The database at a place that is told in one word: a file, or a URL. */
export const atPlace = (place: string) =>
  place.startsWith("postgres:") ? opened({ kind: "postgres", url: Redacted.make(place) }) : at(place)

export const inMemory = at(":memory:")

/** Databases that several processes can be on: each run makes a new one, which goes with the test. */
export const inSharedFile = Effect.map(temporaryFolder, (folder) => at(join(folder, "keyhole.db")))
export const onSharedPostgres = Effect.map(newDatabase, (url) => opened({ kind: "postgres", url }))

/** A database of its own in a file that goes with the test. */
export const inFile = Layer.unwrap(inSharedFile)

/** A database of its own on the PostgreSQL server of this run. */
export const onPostgres = Layer.unwrap(onSharedPostgres)

/** Every kind of database, for suites that go through all of them. */
export const databases = [
  ["in memory", inMemory],
  ["in a file", inFile],
  ["on PostgreSQL", onPostgres]
] as const

/** For tests that want some database: the quickest, or with `KEYHOLE_TEST_DATABASE=postgres` the other. */
export const anyDatabase = process.env["KEYHOLE_TEST_DATABASE"] === "postgres" ? onPostgres : inMemory

/** Every port that the database serves. */
const stores = Layer.mergeAll(
  UnitOfWork.layer,
  Layer.provide(rememberedUsers, UserRepository.layer),
  Layer.provide(rememberedRoles, RoleRepository.layer),
  Layer.provide(rememberedSessions, SessionStore.layer),
  RefreshTokens.layer,
  EventLog.layer,
  KnownBlobs.layer,
  Looks.layer,
  guesses,
  Layer.provide(rememberedTokens, TokenStorage.database),
  rememberedCallers
).pipe(Layer.provide(Layer.succeed(EventSettings, { retention: Duration.days(365) })))

export const ports = Layer.provideMerge(stores, ChangeFeed.embedded)

/** An instance of the service, as far as others on its PostgreSQL database can tell. */
export const instanceOn = (url: Redacted.Redacted<string>, messenger = Messenger.none) =>
  Layer.fresh(
    stores.pipe(
      Layer.provideMerge(Layer.provide(leased, messenger)),
      Layer.provideMerge(bare({ kind: "postgres", url }))
    )
  )
