import { Context, type Effect, type Layer, type Option } from "effect"
import type { RoleRepository } from "../domain/access/RoleRepository.ts"
import type { EventLog } from "../domain/event/EventLog.ts"
import type { Identifiers } from "../domain/Identifiers.ts"
import type { CommonPasswords } from "../domain/identity/CommonPasswords.ts"
import type { PasswordHasher } from "../domain/identity/PasswordHasher.ts"
import type { UserRepository } from "../domain/identity/UserRepository.ts"
import type { Entry } from "../domain/image/Entry.ts"
import type { KnownBlobs } from "../domain/image/KnownBlobs.ts"
import type { LayerDecoder } from "../domain/image/LayerDecoder.ts"
import type { KeySettings } from "../domain/key/KeySettings.ts"
import type { KeyStore } from "../domain/key/KeyStore.ts"
import type { Reference } from "../domain/registry/Reference.ts"
import type { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"
import type { Registry } from "../domain/registry/RegistrySession.ts"
import type { ServiceError } from "../domain/ServiceResult.ts"
import type { UnitOfWork } from "../domain/storage/UnitOfWork.ts"
import type { TokenSettings } from "../domain/token/TokenSettings.ts"
import type { Spool } from "./listing.ts"

/** Why something could not be started, in a sentence for the operator. */
export interface StartFailure {
  readonly message: string
}

/** What the commands on accounts work with. */
export type Accounts =
  | CommonPasswords
  | EventLog
  | Identifiers
  | PasswordHasher
  | RoleRepository
  | UnitOfWork
  | UserRepository

/** What the commands on the signing keys work with. */
export type Keys = EventLog | Identifiers | KeySettings | KeyStore | TokenSettings | UnitOfWork

/** What the commands on images work with. */
export type Images = KnownBlobs | LayerDecoder | Registry

/** What the composition root gives to the commands; nothing of it begins before a command uses it. */
export class Application extends Context.Service<
  Application,
  {
    /** Serves until it is interrupted. */
    readonly serve: Effect.Effect<void, StartFailure>
    /** Brings the database's schema up to date. */
    readonly migrate: Effect.Effect<void, StartFailure>
    /** Fails where there is no database yet, and makes none. */
    readonly databaseThere: Effect.Effect<void, StartFailure>
    readonly accounts: Layer.Layer<Accounts, StartFailure>
    readonly keys: Layer.Layer<Keys, StartFailure>
    readonly images: Layer.Layer<Images, StartFailure>
    /** What whoever is at the command line logs in to an image's registry with. */
    readonly credentialsFor: (reference: Reference) => Effect.Effect<RegistryCredentials["Service"], StartFailure>
    /** The sentence that the service answers with. */
    readonly describe: (error: ServiceError) => string
    /** The Keyhole server that looks into images unless another one is named. */
    readonly server: Effect.Effect<Option.Option<string>, StartFailure>
    /** An entry of a listing as the JSON document that the service sends. */
    readonly document: (entry: Entry) => string
    readonly spool: (order: "key" | "arrival") => Spool
  }
>()("keyhole/cli/Application") {}
