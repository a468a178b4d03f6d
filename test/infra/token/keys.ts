import { Effect, Layer } from "effect"
import type { Keyring } from "../../../src/infra/token/Keyring.ts"
import { fromPkcs8, generate, type KeyState, type SigningKey } from "../../../src/infra/token/SigningKey.ts"
import { SigningKeys } from "../../../src/infra/token/SigningKeys.ts"

const pkcs8 = Effect.runPromise(Effect.all([generate, generate, generate]))

/** One of three keys made for this test run. */
export const keyOf = (index: 0 | 1 | 2, state: KeyState): Effect.Effect<SigningKey> =>
  Effect.flatMap(
    Effect.promise(() => pkcs8),
    (keys) => fromPkcs8(keys[index], state)
  )

/** These keys, the first of them current. */
export const withKeys = (ring: Keyring, current: SigningKey) =>
  Layer.succeed(SigningKeys, { ring: Effect.succeed(ring), current: Effect.succeed(current.id) })
