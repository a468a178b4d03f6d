import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Email } from "../../../src/domain/identity/Email.ts"
import { unlimited } from "../../../src/domain/identity/Guesses.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signIn } from "../../../src/domain/identity/signIn.ts"
import { somebody, useCases } from "../../support/useCases.ts"

describe("guessing without limits", () => {
  it.effect("never makes anybody wait", () =>
    Effect.gen(function* () {
      const email = Email.make("ada@example.com")
      const right = { email, password: Redacted.make("correct horse battery staple") }
      const wrong = signIn({ email, password: Redacted.make("not the horse") }, somebody)
      yield* register({ ...right, name: null }, somebody)
      const refusals = yield* Effect.replicateEffect(Effect.flip(wrong), 150)
      assert.deepStrictEqual(new Set(refusals.map(({ _tag }) => _tag)), new Set(["InvalidCredentials"]))
      yield* signIn(right, somebody)
    }).pipe(Effect.provide(Layer.merge(useCases, unlimited)))
  )
})
