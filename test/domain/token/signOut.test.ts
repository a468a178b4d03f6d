import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signInWithCookie } from "../../../src/domain/identity/signInWithCookie.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { SessionSecret } from "../../../src/domain/session/SessionSecret.ts"
import { SessionStore } from "../../../src/domain/session/SessionStore.ts"
import { issue, newRefreshToken } from "../../../src/domain/token/issue.ts"
import { isRevoked } from "../../../src/domain/token/revocation.ts"
import { signOut } from "../../../src/domain/token/signOut.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }
const registered = register({ ...credentials, name: null }, somebody)

const closed = Effect.fnUntraced(function* (id: SessionId) {
  const sessions = yield* SessionStore
  return Option.getOrThrow(yield* sessions.find(id)).closed?.reason
})

describe("signing out", () => {
  it.effect("ends each session that is presented, the one of a cookie too", () =>
    Effect.gen(function* () {
      const tokens = yield* registered
      const { session, secret } = yield* signInWithCookie(credentials, undefined, somebody)
      assert.strictEqual(yield* signOut({ refreshToken: tokens.refreshToken, cookie: secret }, somebody), "revoked")
      assert.strictEqual(yield* closed(tokens.sessionId), "signed-out")
      assert.strictEqual(yield* closed(session.id), "signed-out")
    }).pipe(Effect.provide(useCases))
  )

  it.effect("says so when there is nothing to end", () =>
    Effect.gen(function* () {
      const cookie = SessionSecret.make(Redacted.make("nobody's"))
      assert.strictEqual(yield* signOut({ cookie }, somebody), "nothing-to-revoke")
      assert.strictEqual(yield* signOut({ accessToken: Redacted.make("no.to.ken") }, somebody), "nothing-to-revoke")
      assert.strictEqual(yield* signOut({}, somebody), "nothing-to-revoke")
    }).pipe(Effect.provide(useCases))
  )

  it.effect("revokes the tokens of a session that nobody remembers", () =>
    Effect.gen(function* () {
      const { user } = yield* registered
      const forgotten = SessionId.make("sess_00000000000000ff")
      const { accessToken } = yield* issue(user, yield* newRefreshToken(forgotten, user.id))
      assert.strictEqual(yield* signOut({ accessToken }, somebody), "revoked")
      assert.isTrue(yield* isRevoked(forgotten))
    }).pipe(Effect.provide(useCases))
  )
})
