import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Redacted } from "effect"
import { Email } from "../../../src/domain/identity/Email.ts"
import { PasswordHash, PasswordHasher } from "../../../src/domain/identity/PasswordHasher.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signIn } from "../../../src/domain/identity/signIn.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { SessionStore } from "../../../src/domain/session/SessionStore.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }

describe("signing in", () => {
  it.effect("is refused, and opens nothing, when the password is changed while the old one is being checked", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const sessions = yield* SessionStore
      const hasher = yield* PasswordHasher
      const { user } = yield* register({ ...credentials, name: null }, somebody)

      const slow = PasswordHasher.of({
        ...hasher,
        verify: Effect.fnUntraced(function* (password, hash) {
          const answer = yield* hasher.verify(password, hash)
          yield* Effect.orDie(users.rehashed(user.id, hash, PasswordHash.make(Redacted.make("another"))))
          return answer
        })
      })
      const refused = yield* Effect.flip(Effect.provideService(signIn(credentials, somebody), PasswordHasher, slow))
      assert.strictEqual(refused._tag, "InvalidCredentials")
      assert.lengthOf(yield* sessions.liveOf(user.id, yield* DateTime.now), 1)
    }).pipe(Effect.provide(useCases))
  )

  it.effect("replaces a hash that was made with weaker parameters", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const hasher = yield* PasswordHasher
      yield* register({ ...credentials, name: null }, somebody)
      const stronger = PasswordHash.make(Redacted.make("stronger"))
      const renewing = PasswordHasher.of({
        ...hasher,
        hash: () => Effect.succeed(stronger),
        verify: () => Effect.succeed({ matches: true, outdated: true })
      })
      yield* Effect.provideService(signIn(credentials, somebody), PasswordHasher, renewing)
      const account = Option.getOrThrow(yield* users.findAccount(credentials.email))
      assert.deepStrictEqual(account.passwordHash, stronger)
    }).pipe(Effect.provide(useCases))
  )
})
