import { Context, type DateTime, type Effect, type Option, Schema } from "effect"
import type { RoleName } from "../access/Role.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Email } from "./Email.ts"
import type { PasswordHash } from "./PasswordHasher.ts"
import type { DisplayName, User, UserId } from "./User.ts"

/** Another account has this address, in whatever case. */
export class EmailTaken extends Schema.TaggedError<EmailTaken>()("EmailTaken", {}) {}

export interface Account {
  readonly user: User
  readonly passwordHash: PasswordHash
}

export class UserRepository extends Context.Service<
  UserRepository,
  {
    readonly create: (user: User, passwordHash: PasswordHash) => Effect.Effect<void, EmailTaken | StorageUnavailable>
    readonly findById: (id: UserId) => Effect.Effect<Option.Option<User>, StorageUnavailable>
    /** As `findById`; inside a unit of work nobody else changes or removes the user until the unit ends. */
    readonly hold: (id: UserId) => Effect.Effect<Option.Option<User>, StorageUnavailable>
    /** Compared by `emailKey`. */
    readonly findAccount: (email: Email) => Effect.Effect<Option.Option<Account>, StorageUnavailable>
    readonly signedIn: (id: UserId, at: DateTime.Utc) => Effect.Effect<void, StorageUnavailable>
    /** Compare-and-set: replaces `previous` by `next`, or nothing, and false, when the hash has changed meanwhile. */
    readonly rehashed: (
      id: UserId,
      previous: PasswordHash,
      next: PasswordHash
    ) => Effect.Effect<boolean, StorageUnavailable>
    /** False when there is no such user any more. */
    readonly rename: (id: UserId, name: DisplayName | null) => Effect.Effect<boolean, StorageUnavailable>
    readonly setDisabled: (id: UserId, disabled: boolean) => Effect.Effect<void, StorageUnavailable>
    /** With all that is theirs. */
    readonly remove: (id: UserId) => Effect.Effect<void, StorageUnavailable>
    /** True when the user did not have the role before. */
    readonly grant: (id: UserId, role: RoleName) => Effect.Effect<boolean, StorageUnavailable>
    /** Replaces the roles the user had. */
    readonly setRoles: (id: UserId, roles: ReadonlyArray<RoleName>) => Effect.Effect<void, StorageUnavailable>
    /** Whether anybody has the role. */
    readonly isAnyWith: (role: RoleName) => Effect.Effect<boolean, StorageUnavailable>
    /** Whether anybody who is not disabled has one of the roles. */
    readonly isAnyEnabledWith: (roles: ReadonlyArray<RoleName>) => Effect.Effect<boolean, StorageUnavailable>
    /**
     * At most `limit` users in the order of their addresses, those after `after`; with `query` those that have it in their
     * address or name.
     */
    readonly page: (wanted: {
      readonly limit: number
      readonly after?: Email
      readonly query?: string
    }) => Effect.Effect<ReadonlyArray<User>, StorageUnavailable>
  }
>()("keyhole/domain/identity/UserRepository") {}
