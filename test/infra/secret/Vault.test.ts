import { fc, it as property } from "@fast-check/vitest"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Layer, Redacted } from "effect"
import { MasterSecret } from "../../../src/infra/secret/MasterSecret.ts"
import { type Purpose, layer, Vault } from "../../../src/infra/secret/Vault.ts"

const under = (secret: string) =>
  Layer.provide(layer, Layer.succeed(MasterSecret, { bytes: Redacted.make(new TextEncoder().encode(secret)) }))

const OURS = under("a secret of thirty-two bytes or more")
interface Attempt {
  readonly vault: typeof OURS
  readonly purpose: Purpose
  readonly record: string
}

const plain = Redacted.make(Uint8Array.of(1, 2, 3))
const seal = (purpose: Purpose = "signing-key", record = "key-1") =>
  Vault.use((vault) => vault.seal(purpose, record, plain)).pipe(Effect.provide(OURS))
const open = (sealed: Uint8Array, { vault = OURS, purpose = "signing-key", record = "key-1" }: Partial<Attempt> = {}) =>
  Vault.use((service) => service.open(purpose, record, sealed)).pipe(Effect.provide(vault))

describe("Vault", () => {
  property.prop([fc.uint8Array({ maxLength: 4096 }), fc.string()])("gives back what was sealed", (bytes, record) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const vault = yield* Vault
        const sealed = yield* vault.seal("registry-credential", record, Redacted.make(bytes))
        const opened = yield* vault.open("registry-credential", record, sealed)
        expect(new Uint8Array(Redacted.value(opened))).toEqual(bytes)
      }).pipe(Effect.provide(OURS))
    )
  )

  it.effect("never seals the same bytes to the same envelope", () =>
    Effect.gen(function* () {
      expect(yield* seal()).not.toEqual(yield* seal())
    })
  )

  it.effect("opens nothing that was sealed under another secret, for another purpose or for another record", () =>
    Effect.gen(function* () {
      const sealed = yield* seal()
      const attempts = [
        open(sealed, { vault: under("another secret of thirty-two bytes or more") }),
        open(sealed, { purpose: "registry-credential" }),
        open(sealed, { record: "key-2" })
      ]
      for (const attempt of attempts) {
        expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "SealBroken", purpose: expect.any(String) })
      }
    })
  )

  it.effect("opens nothing of which a byte was changed or cut off", () =>
    Effect.gen(function* () {
      const sealed = yield* seal()
      for (let position = 0; position < sealed.length; position++) {
        const changed = Uint8Array.from(sealed, (byte, index) => (index === position ? byte ^ 1 : byte))
        expect(Exit.isFailure(yield* Effect.exit(open(changed))), `byte ${position} changed`).toBe(true)
        expect(Exit.isFailure(yield* Effect.exit(open(sealed.subarray(0, position)))), `cut at ${position}`).toBe(true)
      }
    })
  )
})
