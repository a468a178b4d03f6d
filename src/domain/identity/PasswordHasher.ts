import { Context, type Effect, type Redacted, Schema } from "effect"

/** A password hash in PHC string format, or bcrypt's, with its own parameters and salt. */
export const PasswordHash = Schema.Redacted(Schema.String).pipe(Schema.brand("PasswordHash"))
export type PasswordHash = typeof PasswordHash.Type

/** More password checks are waiting than the machine can do soon; `retryAfter` in seconds. */
export class Overloaded extends Schema.TaggedError<Overloaded>()("Overloaded", { retryAfter: Schema.Number }) {}

/** Slow, salted, bounded hashing (OWASP ASVS 5.0 §11.4.2). Every method takes a place in the same bounded queue. */
export class PasswordHasher extends Context.Service<
  PasswordHasher,
  {
    readonly hash: (password: Redacted.Redacted<string>) => Effect.Effect<PasswordHash, Overloaded>
    /** `outdated` when the hash was made with weaker parameters than today's and ought to be replaced. */
    readonly verify: (
      password: Redacted.Redacted<string>,
      hash: PasswordHash
    ) => Effect.Effect<{ readonly matches: boolean; readonly outdated: boolean }, Overloaded>
    /** The same work as `verify` against a real hash that nothing matches, for an account that does not exist. */
    readonly verifyNothing: (password: Redacted.Redacted<string>) => Effect.Effect<void, Overloaded>
    /** Whether a hash from elsewhere can be verified: its form is known, and its work is not too much. */
    readonly accepts: (hash: PasswordHash) => boolean
  }
>()("keyhole/domain/identity/PasswordHasher") {}
