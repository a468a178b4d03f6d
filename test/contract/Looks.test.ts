import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { EventId } from "../../src/domain/event/SecurityEvent.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { type Look, Looks, type SeenLayer } from "../../src/domain/image/Looks.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { digestOf } from "../domain/image/support/registry.ts"
import { databases, ports } from "../support/database.ts"

const ada = UserId.make("ada")
const bob = UserId.make("bob")
const time = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")
const digest = (name: string) => digestOf(Buffer.from(name))

const look = (id: string, given: Partial<Look> = {}): Look => ({
  id: EventId.make(id),
  userId: ada,
  at: time,
  operation: "peek",
  image: "docker.io/library/alpine:latest",
  digest: digest("manifest"),
  platform: "linux/amd64",
  bytesFetched: 0,
  outcome: "success",
  ...given
})

const seen = (image: string, ...layers: ReadonlyArray<number>): ReadonlyArray<SeenLayer> =>
  layers.map((layer) => ({ image, digest: digest(image), layer, layerDigest: digest(`${image} ${layer}`) }))

const users = Effect.gen(function* () {
  const { run } = yield* Database
  const user = (id: string) => ({
    id,
    email: id,
    email_key: id,
    name: null,
    password_hash: "",
    disabled: 0,
    created_at: 0,
    last_login_at: null
  })
  yield* run((tables) =>
    tables
      .insertInto("user")
      .values([user(ada), user(bob)])
      .execute()
  )
})

describe.each(databases)("Looks in a database %s", (_where, database) => {
  const layer = Layer.provideMerge(Layer.effectDiscard(users), Layer.provideMerge(ports, database))

  it.effect("gives back what was added, whole, newest first, and nobody else's", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      const bare = look("a")
      const full = look("b", {
        at: DateTime.add(time, { milliseconds: 1 }),
        operation: "carve",
        layer: "sha256:abc",
        path: "/etc/'passwd\"",
        bytesFetched: 2 ** 40,
        outcome: "failure"
      })
      for (const each of [full, bare, look("c", { userId: bob })]) yield* looks.add(each, [])
      assert.deepStrictEqual(yield* looks.page(ada, { limit: 10 }), [full, bare])
      assert.deepStrictEqual(
        (yield* looks.page(bob, { limit: 10 })).map(({ id }) => id),
        [EventId.make("c")]
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("goes on where a page ended, many of one millisecond included", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      for (let at = 0; at < 25; at++) {
        yield* looks.add(
          look(`${at}`.padStart(2, "0"), { at: DateTime.add(time, { milliseconds: Math.floor(at / 10) }) }),
          []
        )
      }
      const ids: Array<string> = []
      let before: Pick<Look, "at" | "id"> | undefined
      for (;;) {
        const page = yield* looks.page(ada, { limit: 4, ...(before && { before }) })
        ids.push(...page.map(({ id }) => id))
        before = page.at(-1)
        if (before === undefined) break
      }
      assert.deepStrictEqual(
        ids,
        Array.from({ length: 25 }, (_, at) => `${24 - at}`.padStart(2, "0"))
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("finds part of an image's name or of a path, letter by letter", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      yield* looks.add(look("a", { image: "ghcr.io/org/App_1:Latest" }), [])
      yield* looks.add(look("b", { image: "docker.io/x/y:1", path: "/opt/100%/App\\1" }), [])
      for (const [query, found] of [
        ["app_1", "a"],
        ["LATEST", "a"],
        ["100%", "b"],
        ["app\\1", "b"],
        ["app", "ba"],
        ["a_p", ""],
        ["%", "b"],
        ["' or 1=1 --", ""]
      ] as const) {
        const page = yield* looks.page(ada, { limit: 10, query })
        assert.strictEqual(page.map(({ id }) => id).join(""), found, query)
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells the layers that were seen, each once, from any of them on", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      yield* looks.add(look("a"), seen("two", 0, 1, 10))
      yield* looks.add(look("b"), seen("two", 1, 2))
      yield* looks.add(look("c"), seen("one", 0))
      yield* looks.add(look("d", { userId: bob }), seen("one", 7))
      const all = [...seen("one", 0), ...seen("two", 0, 1, 2, 10)]
      assert.deepStrictEqual(yield* looks.seen(ada, { limit: 10 }), all)
      assert.deepStrictEqual(yield* looks.seen(ada, { limit: 10, image: "two" }), all.slice(1))
      assert.deepStrictEqual(yield* looks.seen(ada, { limit: 2 }), all.slice(0, 2))
      for (const [at, from] of all.entries()) {
        assert.deepStrictEqual(yield* looks.seen(ada, { limit: 10, from }), all.slice(at))
        assert.deepStrictEqual(
          yield* looks.seen(ada, { limit: 10, from: { ...from, layer: from.layer + 1 } }),
          all.slice(at + 1)
        )
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes an image of very many layers", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      yield* looks.add(look("a"), seen("many", ...Array.from({ length: 10_000 }, (_, at) => at)))
      assert.strictEqual((yield* looks.seen(ada, { limit: 20_000 })).length, 10_000)
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps nothing of a user who is gone, or goes", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      const ghost = UserId.make("ghost")
      yield* looks.add(look("a", { userId: ghost }), seen("one", 0))
      yield* looks.add(look("b"), seen("one", 0))
      const { run } = yield* Database
      yield* run((tables) => tables.deleteFrom("user").where("id", "=", ada).execute())
      for (const user of [ghost, ada]) {
        assert.deepStrictEqual(yield* looks.page(user, { limit: 10 }), [])
        assert.deepStrictEqual(yield* looks.seen(user, { limit: 10 }), [])
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("is written with its unit of work, or not at all", () =>
    Effect.gen(function* () {
      const looks = yield* Looks
      const { transaction } = yield* UnitOfWork
      yield* Effect.flip(transaction(Effect.andThen(looks.add(look("a"), seen("one", 0)), Effect.fail("no"))))
      assert.deepStrictEqual(yield* looks.page(ada, { limit: 10 }), [])
      assert.deepStrictEqual(yield* looks.seen(ada, { limit: 10 }), [])
    }).pipe(Effect.provide(layer))
  )
})
