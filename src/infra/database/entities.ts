import type { InferKyselyDB } from "@mikro-orm/sql"
import { AccessTurn } from "./entities/AccessTurn.ts"
import { Change } from "./entities/Change.ts"
import { GuessTally } from "./entities/GuessTally.ts"
import { Instance } from "./entities/Instance.ts"
import { KnownBlob } from "./entities/KnownBlob.ts"
import { KnownBlobOrigin } from "./entities/KnownBlobOrigin.ts"
import { Look } from "./entities/Look.ts"
import { RefreshToken } from "./entities/RefreshToken.ts"
import { RegistryCredential } from "./entities/RegistryCredential.ts"
import { Role } from "./entities/Role.ts"
import { SecurityEvent } from "./entities/SecurityEvent.ts"
import { SeenLayer } from "./entities/SeenLayer.ts"
import { Session } from "./entities/Session.ts"
import { SigningKey } from "./entities/SigningKey.ts"
import { SweepTurn } from "./entities/SweepTurn.ts"
import { TokenEntry } from "./entities/TokenEntry.ts"
import { User } from "./entities/User.ts"
import { UserRole } from "./entities/UserRole.ts"

export const entities = [
  User,
  UserRole,
  Role,
  AccessTurn,
  Session,
  RefreshToken,
  TokenEntry,
  SecurityEvent,
  GuessTally,
  SigningKey,
  RegistryCredential,
  KnownBlob,
  KnownBlobOrigin,
  Look,
  SeenLayer,
  Change,
  Instance,
  SweepTurn
]

/** The same tables as Kysely's query builder knows them. */
export type Tables = InferKyselyDB<(typeof entities)[number]>
