import { Context, type DateTime, type Effect, type Option, Schema } from "effect"
import type { RoleName } from "../access/Role.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Email } from "./Email.ts"
import type { PasswordHash } from "./PasswordHasher.ts"
import type { User, UserId } from "./User.ts"

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
    /** Compared by `emailKey`. */
    readonly findAccount: (email: Email) => Effect.Effect<Option.Option<Account>, StorageUnavailable>
    readonly signedIn: (id: UserId, at: DateTime.Utc) => Effect.Effect<void, StorageUnavailable>
    /** Replaces `previous` by `next`; nothing happens when the hash has changed meanwhile. */
    readonly rehashed: (
      id: UserId,
      previous: PasswordHash,
      next: PasswordHash
    ) => Effect.Effect<void, StorageUnavailable>
    /** True when the user did not have the role before. */
    readonly grant: (id: UserId, role: RoleName) => Effect.Effect<boolean, StorageUnavailable>
    /** At most `limit` users in the order of their addresses, those after `after`. */
    readonly page: (limit: number, after?: Email) => Effect.Effect<ReadonlyArray<User>, StorageUnavailable>
  }
>()("keyhole/domain/identity/UserRepository") {}
