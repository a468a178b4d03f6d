import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Redacted } from "effect"
import { viewer } from "../../src/domain/access/Role.ts"
import { createUser } from "../../src/domain/identity/createUser.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { CredentialStore } from "../../src/domain/registry/CredentialStore.ts"
import { RegistryHost } from "../../src/domain/registry/RegistryHost.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../src/infra/database/Database.ts"
import * as Store from "../../src/infra/registry/CredentialStore.ts"
import { PASSWORD } from "../support/ada.ts"
import { databases } from "../support/database.ts"
import { over, somebody } from "../support/useCases.ts"
import { credentialStore, vaultUnder } from "../support/vault.ts"

const ghcr = RegistryHost.make("ghcr.io")
const local = RegistryHost.make("localhost:5000")
const login = (username: string, password = `password of ${username}`) => ({
  username,
  password: Redacted.make(password)
})

const enrol = (name: string) =>
  Effect.map(
    createUser(
      { email: Email.make(`${name}@example.com`), password: Redacted.make(PASSWORD), role: viewer.name },
      somebody
    ),
    ({ id }) => id
  )

const found = Effect.fnUntraced(function* (...[user, host]: Parameters<CredentialStore["Service"]["find"]>) {
  const store = yield* CredentialStore
  return Option.map(yield* store.find(user, host), ({ username, password }) => [username, Redacted.value(password)])
})

describe.each(databases)("CredentialStore over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(credentialStore, over(database))

  it.effect("gives back what was kept, whatever is in it, and the latest", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const ada = yield* enrol("ada")
      for (const text of ["p", "pass:wörd", '"\\\r\n\u0000🔑', " ", "x".repeat(8192)]) {
        yield* store.keep(ada, ghcr, login("a$b <token>", text))
        assert.deepStrictEqual(yield* found(ada, ghcr), Option.some(["a$b <token>", text]))
      }
      assert.deepStrictEqual(yield* store.accountsOf(ada), [{ host: ghcr, username: "a$b <token>" }])
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells users and hosts apart, to the letter and the port", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const [ada, bob] = [yield* enrol("ada"), yield* enrol("bob")]
      yield* store.keep(ada, ghcr, login("ada"))
      yield* store.keep(bob, ghcr, login("bob"))
      yield* store.keep(ada, local, login("ada here"))
      assert.deepStrictEqual(yield* found(ada, "ghcr.io"), Option.some(["ada", "password of ada"]))
      assert.deepStrictEqual(yield* found(bob, "ghcr.io"), Option.some(["bob", "password of bob"]))
      for (const host of ["ghcr.io:443", "GHCR.IO", "ghcr.io.evil.example", "localhost", "localhost:5001", "%", ""]) {
        assert.deepStrictEqual(yield* found(ada, host), Option.none(), host)
      }
      assert.deepStrictEqual(yield* found(bob, "localhost:5000"), Option.none())
      assert.deepStrictEqual(yield* store.accountsOf(ada), [
        { host: ghcr, username: "ada" },
        { host: local, username: "ada here" }
      ])
    }).pipe(Effect.provide(layer))
  )

  it.effect("removes one login, and says whether there was one", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const [ada, bob] = [yield* enrol("ada"), yield* enrol("bob")]
      yield* store.keep(ada, ghcr, login("ada"))
      yield* store.keep(ada, local, login("ada"))
      yield* store.keep(bob, ghcr, login("bob"))
      assert.isTrue(yield* store.remove(ada, ghcr))
      assert.isFalse(yield* store.remove(ada, ghcr))
      assert.deepStrictEqual(yield* found(ada, ghcr), Option.none())
      assert.isTrue(Option.isSome(yield* found(ada, local)))
      assert.isTrue(Option.isSome(yield* found(bob, ghcr)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("is part of the unit of work it is used in", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const { transaction } = yield* UnitOfWork
      const ada = yield* enrol("ada")
      yield* Effect.flip(transaction(Effect.andThen(store.keep(ada, ghcr, login("ada")), Effect.fail("no"))))
      assert.deepStrictEqual(yield* found(ada, ghcr), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps nothing that can be read, and forgets with the user", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const { read, run } = yield* Database
      const rows = read((tables) => tables.selectFrom("registry_credential").selectAll().execute())
      const ada = yield* enrol("ada")
      yield* store.keep(ada, ghcr, login("ada of the registry", "canary"))
      const [row] = yield* rows
      const sealed = Buffer.from(row?.login ?? "", "base64").toString("latin1")
      for (const secret of ["canary", "ada of the registry"]) assert.notInclude(sealed + JSON.stringify(row), secret)
      yield* run((tables) => tables.deleteFrom("user").where("id", "=", ada).execute())
      assert.deepStrictEqual(yield* rows, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("opens no login in another's place, and none under another secret", () =>
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const { run } = yield* Database
      const [ada, eve] = [yield* enrol("ada"), yield* enrol("eve")]
      yield* store.keep(ada, ghcr, login("ada"))
      const other = vaultUnder("another secret of thirty-two bytes or more")
      // Fresh: the layers that the test runs with would take its place.
      const reading = Effect.provide(found(ada, ghcr), Layer.fresh(Layer.provide(Store.layer, other)))
      assert.isTrue(Exit.hasDies(yield* Effect.exit(reading)))
      yield* run((tables) => tables.updateTable("registry_credential").set({ user_id: eve }).execute())
      assert.isTrue(Exit.hasDies(yield* Effect.exit(found(eve, ghcr))))
      yield* run((tables) => tables.updateTable("registry_credential").set({ user_id: ada, host: local }).execute())
      assert.isTrue(Exit.hasDies(yield* Effect.exit(found(ada, local))))
    }).pipe(Effect.provide(layer))
  )
})
