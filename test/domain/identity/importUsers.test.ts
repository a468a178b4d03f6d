import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { admin, RoleName, viewer } from "../../../src/domain/access/Role.ts"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { createUser } from "../../../src/domain/identity/createUser.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { type Immigrant, importUsers } from "../../../src/domain/identity/importUsers.ts"
import { listUsers } from "../../../src/domain/identity/listUsers.ts"
import { PasswordHash } from "../../../src/domain/identity/PasswordHasher.ts"
import { DisplayName } from "../../../src/domain/identity/User.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const immigrant = (line: number, email: string, given: Partial<Immigrant> = {}): Immigrant => ({
  line,
  email: Email.make(email),
  passwordHash: PasswordHash.make(Redacted.make("$test$hash")),
  name: null,
  roles: undefined,
  ...given
})
const everybody = Stream.runCollect(listUsers)

describe("importing users", () => {
  it.effect("makes viewers of those of whom nothing else is said, and tells how many there were", () =>
    Effect.gen(function* () {
      const count = yield* importUsers(
        [
          immigrant(1, "ada@example.com", { name: DisplayName.make("Ada") }),
          immigrant(2, "root@example.com", { roles: [admin.name, viewer.name, admin.name] })
        ],
        somebody
      )
      assert.strictEqual(count, 2)
      assert.deepStrictEqual(
        (yield* everybody).map(({ email, name, roles }) => [email, name, roles.toSorted().join(" ")]),
        [
          ["ada@example.com", "Ada", "viewer"],
          ["root@example.com", null, "admin viewer"]
        ]
      )
      const { page } = yield* EventLog
      const [last] = yield* page({ limit: 1, type: "user.registered" })
      assert.deepInclude(last, { actorId: null, detail: { imported: "yes", roles: "admin viewer" } })
    }).pipe(Effect.provide(useCases))
  )

  it.effect("makes nobody when any line is in the way, and names each in the order of the lines", () =>
    Effect.gen(function* () {
      yield* createUser(
        { email: Email.make("taken@example.com"), password: Redacted.make("a long enough one"), role: viewer.name },
        somebody
      )
      const refused = yield* Effect.flip(
        importUsers(
          [
            immigrant(1, "ada@example.com"),
            immigrant(2, "TAKEN@example.com"),
            immigrant(3, "Ada@example.com", { passwordHash: PasswordHash.make(Redacted.make("plain")) }),
            immigrant(4, "eve@example.com", { roles: [viewer.name, RoleName.make("emperor")] })
          ],
          somebody
        )
      )
      assert.strictEqual(refused._tag, "ImportRefused")
      assert.deepStrictEqual("faults" in refused && refused.faults, [
        { line: 2, reason: "there is an account with this email address" },
        { line: 3, reason: "the email address is that of line 1 too" },
        { line: 3, reason: "the password hash is of no known form, or costs too much to check" },
        { line: 4, reason: "there is no role emperor" }
      ])
      assert.deepStrictEqual(
        (yield* everybody).map(({ email }) => email),
        ["taken@example.com"]
      )
    }).pipe(Effect.provide(useCases))
  )
})
