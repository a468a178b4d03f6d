import { Effect, Layer } from "effect"
import type { Keyring } from "../../../src/infra/key/Keyring.ts"
import type { KeyState } from "../../../src/domain/key/Key.ts"
import { fromPkcs8, generate, type SigningKey } from "../../../src/infra/key/SigningKey.ts"
import { SigningKeys } from "../../../src/infra/key/SigningKeys.ts"

const pkcs8 = Effect.runPromise(Effect.all([generate, generate, generate]))

/** One of three keys made for this test run. */
export const keyOf = (index: 0 | 1 | 2, state: KeyState): Effect.Effect<SigningKey> =>
  Effect.flatMap(
    Effect.promise(() => pkcs8),
    (keys) => fromPkcs8(keys[index], state)
  )

export const withKeys = (ring: Keyring) => Layer.succeed(SigningKeys, { known: Effect.succeed({ ring }) })
