import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { assignRoles } from "../../../src/domain/access/assignRoles.ts"
import { defineRole } from "../../../src/domain/access/defineRole.ts"
import type { Principal } from "../../../src/domain/access/Principal.ts"
import { admin, RoleName, viewer } from "../../../src/domain/access/Role.ts"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { createUser } from "../../../src/domain/identity/createUser.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const keeper = RoleName.make("keeper")

const created = Effect.fnUntraced(function* (email: string, role: RoleName) {
  const password = Redacted.make("correct horse battery staple")
  const user = yield* createUser({ email: Email.make(email), password, role }, somebody)
  // With the grants of when the request was let in, whatever has become of them since.
  const caller: Principal = {
    user,
    sessionId: SessionId.make("sess_0000000000000000"),
    kind: "token",
    grants: ["*"]
  }
  return caller
})

const events = Effect.gen(function* () {
  const { page } = yield* EventLog
  return (yield* page({ limit: 100 })).length
})

/** How often somebody was told that what they remember may be the old. */
const told = Effect.flatMap(Database, ({ read }) =>
  read(async (tables) => (await tables.selectFrom("change").select("seq").execute()).length)
)

describe("a change to what somebody may do", () => {
  it.effect("leaves a trace when it changes something, and none when all is as it was", () =>
    Effect.gen(function* () {
      const root = yield* created("root@example.com", admin.name)
      const ada = yield* created("ada@example.com", viewer.name)
      const changes = [
        defineRole(root, keeper, ["image:read", "role:read"], somebody),
        assignRoles(root, ada.user.id, [keeper, viewer.name], somebody)
      ]
      for (const change of changes) {
        const before = yield* events
        yield* change
        assert.strictEqual(yield* events, before + 1)
        yield* change
        assert.strictEqual(yield* events, before + 1)
      }
    }).pipe(Effect.provide(useCases))
  )

  it.effect(
    "is told to all once more when it is asked for again: who asked before may have been cut off before all knew",
    () =>
      Effect.gen(function* () {
        const root = yield* created("root@example.com", admin.name)
        const ada = yield* created("ada@example.com", viewer.name)
        for (const change of [
          defineRole(root, keeper, ["image:read"], somebody),
          assignRoles(root, ada.user.id, [], somebody)
        ]) {
          yield* change
          const before = yield* told
          yield* change
          assert.strictEqual(yield* told, before + 1)
        }
      }).pipe(Effect.provide(useCases))
  )

  it.effect("is refused to who may not make it any more, and where it leaves no administrator", () =>
    Effect.gen(function* () {
      const root = yield* created("root@example.com", admin.name)
      const ada = yield* created("ada@example.com", viewer.name)
      assert.deepInclude(yield* Effect.flip(assignRoles(ada, root.user.id, [], somebody)), {
        _tag: "Forbidden",
        permission: "role:assign"
      })
      assert.strictEqual(
        (yield* Effect.flip(assignRoles(root, root.user.id, [viewer.name], somebody)))._tag,
        "LastAdministrator"
      )
    }).pipe(Effect.provide(useCases))
  )
})
