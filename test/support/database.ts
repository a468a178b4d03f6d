import { join } from "node:path"
import { Duration, Effect, Layer } from "effect"
import * as RoleRepository from "../../src/infra/access/RoleRepository.ts"
import { remembered as rememberedRoles } from "../../src/infra/access/RoleRepositoryRemembered.ts"
import * as ChangeFeed from "../../src/infra/change/ChangeFeed.ts"
import * as Database from "../../src/infra/database/Database.ts"
import { DatabaseSettings } from "../../src/infra/database/DatabaseSettings.ts"
import * as UnitOfWork from "../../src/infra/database/UnitOfWork.ts"
import * as EventLog from "../../src/infra/event/EventLog.ts"
import { EventSettings } from "../../src/infra/event/EventSettings.ts"
import * as KnownBlobs from "../../src/infra/image/KnownBlobs.ts"
import * as Looks from "../../src/infra/image/Looks.ts"
import * as UserRepository from "../../src/infra/identity/UserRepository.ts"
import { remembered as rememberedUsers } from "../../src/infra/identity/UserRepositoryRemembered.ts"
import * as SessionStore from "../../src/infra/session/SessionStore.ts"
import * as RefreshTokens from "../../src/infra/token/RefreshTokens.ts"
import * as TokenStorage from "../../src/infra/token/TokenStorage.ts"
import { remembered as rememberedTokens } from "../../src/infra/token/TokenStorageRemembered.ts"
import { guesses } from "./vault.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** The database in a file that a test names. */
export const at = (file: string) =>
  Layer.provide(Database.layer, Layer.succeed(DatabaseSettings, { kind: "sqlite", file }))

export const inMemory = at(":memory:")

/** A database of its own in a file that goes with the test. */
export const inFile = Layer.unwrap(Effect.map(temporaryFolder, (folder) => at(join(folder, "keyhole.db"))))

/** Every port that the database serves, and the database itself. */
export const ports = Layer.mergeAll(
  UnitOfWork.layer,
  Layer.provide(rememberedUsers, UserRepository.layer),
  Layer.provide(rememberedRoles, RoleRepository.layer),
  SessionStore.layer,
  RefreshTokens.layer,
  EventLog.layer,
  KnownBlobs.layer,
  Looks.layer,
  guesses,
  Layer.provide(rememberedTokens, TokenStorage.database)
).pipe(
  Layer.provide(Layer.succeed(EventSettings, { retention: Duration.days(365) })),
  Layer.provideMerge(ChangeFeed.embedded)
)
