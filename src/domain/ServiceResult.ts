import type { Effect } from "effect"
import type { Forbidden } from "./access/authorize.ts"
import type { RateLimited } from "./identity/guess.ts"
import type { BuiltInRole } from "./access/defineRole.ts"
import type { LastAdministrator } from "./access/lastAdministrator.ts"
import type { RoleInUse } from "./access/removeRole.ts"
import type { WrongPassword } from "./identity/confirmPassword.ts"
import type { EmailTaken } from "./identity/UserRepository.ts"
import type { InvalidCredentials } from "./identity/prove.ts"
import type { Overloaded } from "./identity/PasswordHasher.ts"
import type { WeakPassword } from "./identity/Password.ts"
import type { FileError } from "./image/FileError.ts"
import type { LayerError, LayerNotFound } from "./image/LayerError.ts"
import type { ReadingRoomFull } from "./image/ReadingRoom.ts"
import type { NotFound } from "./NotFound.ts"
import type { PlatformNotFound } from "./registry/Platform.ts"
import type { ImageReferenceInvalid } from "./registry/Reference.ts"
import type { RegistryError } from "./registry/RegistryError.ts"
import type { NotSameOrigin } from "./session/sameOrigin.ts"
import type { StorageUnavailable } from "./storage/StorageUnavailable.ts"
import type { RefreshReused, TokenExpired, TokenInvalid, TokenMissing, TokenRevoked } from "./token/TokenError.ts"

/** Everything the service can answer besides what was asked for. */
export type ServiceError =
  | BuiltInRole
  | EmailTaken
  | FileError
  | Forbidden
  | ImageReferenceInvalid
  | InvalidCredentials
  | LastAdministrator
  | LayerError
  | LayerNotFound
  | NotFound
  | NotSameOrigin
  | Overloaded
  | PlatformNotFound
  | RateLimited
  | ReadingRoomFull
  | RefreshReused
  | RegistryError
  | RoleInUse
  | StorageUnavailable
  | TokenExpired
  | TokenInvalid
  | TokenMissing
  | TokenRevoked
  | WeakPassword
  | WrongPassword

/** What every use case is: a value, or one of the service's errors. The errors' only way to a caller is this one. */
export type ServiceResult<A, R = never> = Effect.Effect<A, ServiceError, R>
