import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted } from "effect"
import { viewer } from "../../../src/domain/access/Role.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { CredentialStore } from "../../../src/domain/registry/CredentialStore.ts"
import { RegistryHost } from "../../../src/domain/registry/RegistryHost.ts"
import { setCredential } from "../../../src/domain/registry/setCredential.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const gone = new User({
  id: UserId.make("gone"),
  email: Email.make("gone@example.com"),
  name: null,
  roles: [viewer.name],
  disabled: false,
  createdAt: DateTime.makeUnsafe(0),
  lastLoginAt: null
})

it.effect("a credential is kept for nobody who was deleted since they were let in", () =>
  Effect.gen(function* () {
    const caller = {
      user: gone,
      sessionId: SessionId.make("sess_0000000000000001"),
      kind: "token" as const,
      grants: viewer.permissions
    }
    const login = { username: "ada", password: Redacted.make("secret") }
    const setting = setCredential(caller, RegistryHost.make("registry.example"), login, somebody)
    assert.strictEqual((yield* Effect.flip(setting))._tag, "TokenRevoked")
    // The store has no method that may be used.
  }).pipe(Effect.provide(Layer.merge(useCases, Layer.mock(CredentialStore, {}))))
)
