import { Context, Effect, Layer } from "effect"
import type { KeyId } from "../../domain/token/TokenSigner.ts"
import { currentOf, type Keyring } from "./Keyring.ts"
import { fromPkcs8, generate } from "./SigningKey.ts"
import { keepFirst, readAll, SigningKeysUnusable } from "./storedKeys.ts"

/** The signing keys, in memory from the start on: a lost database stops no verification. */
export class SigningKeys extends Context.Service<
  SigningKeys,
  {
    readonly ring: Effect.Effect<Keyring>
    /** The key that signs now. */
    readonly current: Effect.Effect<KeyId>
  }
>()("keyhole/infra/token/SigningKeys") {}

const makeFirst = Effect.gen(function* () {
  yield* Effect.logInfo("no signing key yet: making one")
  yield* keepFirst(yield* fromPkcs8(yield* generate, { _tag: "Current" }))
  return yield* readAll
})

/** The keys of the database, the first one made when there is none. */
export const database = Layer.effect(
  SigningKeys,
  Effect.gen(function* () {
    const stored = yield* readAll
    const ring = currentOf(stored) === undefined ? yield* makeFirst : stored
    const current = currentOf(ring)
    if (current === undefined)
      return yield* new SigningKeysUnusable({ message: "The database has no current signing key." })
    return { ring: Effect.succeed(ring), current: Effect.succeed(current.id) }
  })
)
