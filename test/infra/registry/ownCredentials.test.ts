import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result, Schema } from "effect"
import type { Principal } from "../../../src/domain/access/Principal.ts"
import { operator } from "../../../src/domain/access/Role.ts"
import { createUser } from "../../../src/domain/identity/createUser.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { listTagsAs } from "../../../src/domain/image/asCaller.ts"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { parseHost } from "../../../src/domain/registry/RegistryHost.ts"
import { removeCredential } from "../../../src/domain/registry/removeCredential.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { setCredential } from "../../../src/domain/registry/setCredential.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { PASSWORD } from "../../support/ada.ts"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { open, registries } from "../../support/registry/session.ts"
import { somebody, useCases } from "../../support/useCases.ts"
import { credentialStore } from "../../support/vault.ts"

const Two = Schema.Literals([0, 1])
const Step = Schema.Struct({ act: Schema.Literals(["set", "remove", "look", "look"]), user: Two, host: Two })

const enrol = Effect.fnUntraced(function* (name: string) {
  const user = yield* createUser(
    { email: Email.make(`${name}@example.com`), password: Redacted.make(PASSWORD), role: operator.name },
    somebody
  )
  const caller: Principal = { user, sessionId: SessionId.make("sess_0123456789abcdef"), kind: "token", grants: ["*"] }
  return caller
})

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`

/** What was shown to a registry since the last look, tokens aside. */
const shownTo = ({ requests }: FakeRegistry) =>
  requests
    .splice(0)
    .flatMap(({ headers: { authorization } }) => authorization ?? [])
    .filter((shown) => !shown.startsWith("Bearer "))

const services = Layer.provideMerge(credentialStore, useCases)

describe("an operation on somebody's behalf", () => {
  it.live.prop(
    "shows the caller's own credential of this moment for exactly this host, and never any other",
    [Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(12)), Schema.Literals(["bearer", "basic"])],
    ([steps, auth]) =>
      Effect.gen(function* () {
        const both = [yield* fakeRegistry({ auth }), yield* fakeRegistry({ auth })] as const
        const callers = [yield* enrol("ada"), yield* enrol("bob")] as const
        const kept = new Map<string, string>()
        const visiting = Effect.provide(registries(open(...both.map(({ host }) => host))))
        for (const [index, { act, user, host }] of steps.entries()) {
          const [caller, there] = [callers[user], both[host]]
          const name = Result.getOrThrow(parseHost(there.host))
          const key = `${user} ${host}`
          if (act === "set") {
            const login = { username: `user ${user}`, password: `${index}` }
            yield* setCredential(caller, name, { ...login, password: Redacted.make(login.password) }, somebody)
            kept.set(key, basic(login.username, login.password))
          } else if (act === "remove") {
            const removed = yield* Effect.isSuccess(removeCredential(caller, name, somebody))
            assert.strictEqual(removed, kept.delete(key))
          } else {
            const reference = Result.getOrThrow(parse(`${there.host}/team/app`))
            yield* Effect.exit(visiting(listTagsAs(caller, reference, {})))
            const own = kept.get(key)
            assert.deepStrictEqual(shownTo(there), own === undefined ? [] : [own])
            const elsewhere = both[host === 0 ? 1 : 0]
            assert.deepStrictEqual(shownTo(elsewhere), [])
          }
        }
      }).pipe(Effect.scoped, Effect.provide(Layer.fresh(services))),
    { arbitrary: { runs: 40 } }
  )

  it.live("sends a password as an identity token when the user name says that it is one", () =>
    Effect.gen(function* () {
      const there = yield* fakeRegistry({ auth: "bearer" })
      const caller = yield* enrol("ada")
      const host = Result.getOrThrow(parseHost(there.host))
      yield* setCredential(caller, host, { username: "<token>", password: Redacted.make("identity") }, somebody)
      const reference = Result.getOrThrow(parse(`${there.host}/team/app`))
      yield* Effect.exit(Effect.scoped(Effect.provide(listTagsAs(caller, reference, {}), registries(open(there.host)))))
      const [asked] = there.to("/token")
      assert.strictEqual(asked?.method, "POST")
      assert.strictEqual(new URLSearchParams(asked?.body).get("refresh_token"), "identity")
    }).pipe(Effect.provide(services))
  )

  it.effect("keeps nothing for somebody who is gone by now", () =>
    Effect.gen(function* () {
      const caller = yield* enrol("ada")
      const users = yield* UserRepository
      yield* users.remove(caller.user.id)
      const host = Result.getOrThrow(parseHost("ghcr.io"))
      const keeping = setCredential(caller, host, { username: "ada", password: Redacted.make("secret") }, somebody)
      assert.strictEqual((yield* Effect.flip(keeping))._tag, "TokenRevoked")
    }).pipe(Effect.provide(Layer.fresh(services)))
  )
})
