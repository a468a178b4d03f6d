import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { admin, RoleName, viewer } from "../../../src/domain/access/Role.ts"
import { createUser } from "../../../src/domain/identity/createUser.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { grantRole } from "../../../src/domain/identity/grantRole.ts"
import { listUsers } from "../../../src/domain/identity/listUsers.ts"
import { signIn } from "../../../src/domain/identity/signIn.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const password = Redacted.make("correct horse battery staple")
const create = (email: string, role = viewer.name) => createUser({ email: Email.make(email), password, role }, somebody)
const everybody = Stream.runCollect(listUsers)

describe("createUser", () => {
  it.effect("makes an account with the role that was asked for, which can sign in", () =>
    Effect.gen(function* () {
      const user = yield* create("ada@example.com", admin.name)
      const { user: signedIn } = yield* signIn({ email: user.email, password }, somebody)
      expect(signedIn).toMatchObject({ id: user.id, roles: ["admin"], disabled: false })
    }).pipe(Effect.provide(useCases))
  )

  it.effect("asks of a password what registering does, and of an address that it is free", () =>
    Effect.gen(function* () {
      const weak = { email: Email.make("ada@example.com"), password: Redacted.make("short"), role: viewer.name }
      expect(yield* Effect.flip(createUser(weak, somebody))).toMatchObject({ _tag: "WeakPassword", rule: "too-short" })
      yield* create("ada@example.com")
      expect(yield* Effect.flip(create("ADA@example.com"))).toMatchObject({ _tag: "EmailTaken" })
    }).pipe(Effect.provide(useCases))
  )

  it.effect("makes nothing for a role that does not exist", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(create("ada@example.com", RoleName.make("emperor")))
      expect(error).toMatchObject({ _tag: "NotFound", what: "role" })
      expect(yield* everybody).toEqual([])
    }).pipe(Effect.provide(useCases))
  )
})

describe("grantRole", () => {
  it.effect("adds a role once, and says whether it was new", () =>
    Effect.gen(function* () {
      const { email } = yield* create("ada@example.com")
      expect(yield* grantRole(email, admin.name, somebody)).toBe(true)
      expect(yield* grantRole(email, admin.name, somebody)).toBe(false)
      const [user] = yield* everybody
      expect(user?.roles.toSorted()).toEqual(["admin", "viewer"])
    }).pipe(Effect.provide(useCases))
  )

  it.effect("grants nothing to nobody, and nothing that does not exist", () =>
    Effect.gen(function* () {
      const { email } = yield* create("ada@example.com")
      const nobody = Email.make("eve@example.com")
      expect(yield* Effect.flip(grantRole(nobody, admin.name, somebody))).toMatchObject({ what: "user" })
      expect(yield* Effect.flip(grantRole(email, RoleName.make("emperor"), somebody))).toMatchObject({ what: "role" })
    }).pipe(Effect.provide(useCases))
  )
})

describe("listUsers", () => {
  it.effect("gives every user once, in the order of their addresses, however many there are", () =>
    Effect.gen(function* () {
      const names = Array.from(
        { length: 200 },
        (_, index) => `User${String((index * 77) % 200).padStart(3, "0")}@example.com`
      )
      yield* Effect.forEach(names, (name) => create(name), { discard: true })
      expect((yield* everybody).map((user) => user.email)).toEqual(names.toSorted())
    }).pipe(Effect.provide(useCases))
  )
})
