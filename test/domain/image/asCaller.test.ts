import { assert, describe, it } from "@effect/vitest"
import { DateTime, type Duration, Effect, Fiber, Layer, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import { viewer } from "../../../src/domain/access/Role.ts"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { downloadAs, findLayerAs, inspectAs, listTagsAs, peekAs } from "../../../src/domain/image/asCaller.ts"
import type { Onlooker } from "../../../src/domain/image/trail.ts"
import { ReadingRoom, ReadingRoomFull } from "../../../src/domain/image/ReadingRoom.ts"
import { CredentialStore } from "../../../src/domain/registry/CredentialStore.ts"
import { Registry } from "../../../src/domain/registry/RegistrySession.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { revoke } from "../../../src/domain/token/revocation.ts"
import { TokenStorage } from "../../../src/domain/token/TokenStorage.ts"
import { somebody, useCases } from "../../support/useCases.ts"
import { reference, TestRegistry } from "./support/registry.ts"

const onlooker: Onlooker = {
  caller: {
    user: new User({
      id: UserId.make("ada"),
      email: Email.make("ada@example.com"),
      name: null,
      roles: [viewer.name],
      disabled: false,
      createdAt: DateTime.makeUnsafe(0),
      lastLoginAt: null
    }),
    sessionId: SessionId.make("sess_0000000000000001"),
    kind: "token",
    grants: viewer.permissions
  },
  client: somebody
}

const world = () => {
  const registry = new TestRegistry()
  registry.putLayers([{ name: "f" }])
  const credentials = Layer.mock(CredentialStore, { find: () => Effect.succeed(Option.none()) })
  return { registry, services: Layer.mergeAll(useCases, registry.layer, credentials) }
}

/** How the trail says that it ended. */
const told = Effect.gen(function* () {
  const { page } = yield* EventLog
  const [event] = yield* page({ limit: 1 })
  return [event?.type, event?.outcome, event?.detail["reason"]]
})

const peeked = Effect.gen(function* () {
  const { entries } = yield* peekAs(onlooker, { reference })
  return yield* Stream.runCollect(entries)
})

it.effect("who has read all there is to read makes room for others, however long the answer takes", () =>
  Effect.gen(function* () {
    let left = 0
    const room = { enter: () => Effect.succeed(Effect.sync(() => void left++)) }
    yield* Effect.provideService(peeked, ReadingRoom, room)
    assert.strictEqual(left, 1)
  }).pipe(Effect.scoped, Effect.provide(world().services))
)

describe("a look that reads no layer", () => {
  /** A registry that gives what it is asked for, and takes so long over each. */
  const after = (delay: Duration.Input) => {
    const { registry, services } = world()
    const slow = Layer.effect(
      Registry,
      Effect.map(Registry, ({ open }) => ({
        open: (image) =>
          Effect.map(open(image), (session) => ({
            ...session,
            manifest: (name) => Effect.delay(session.manifest(name), delay),
            tags: (page) => Effect.delay(session.tags(page), delay)
          }))
      }))
    )
    return Layer.merge(services, Layer.provide(slow, registry.layer))
  }

  const looks = [
    ["at a layer", Effect.asVoid(Effect.scoped(findLayerAs(onlooker.caller, { reference, layer: "0" })))],
    ["at an image", Effect.asVoid(Effect.scoped(inspectAs(onlooker.caller, { reference })))],
    ["for tags", Effect.asVoid(Effect.scoped(listTagsAs(onlooker.caller, reference, {})))]
  ] as const

  it.effect.each(looks)("%s keeps its place for two minutes at most, however long the registry takes", ([, look]) =>
    Effect.gen(function* () {
      let places = 0
      const place = Effect.acquireRelease(
        Effect.sync(() => places++),
        () => Effect.sync(() => places--)
      )
      const room = { enter: () => Effect.as(place, Effect.void) }
      const looking = yield* Effect.forkChild(Effect.flip(Effect.provideService(look, ReadingRoom, room)))
      yield* TestClock.adjust("119 seconds")
      assert.strictEqual(places, 1)
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(looking), { _tag: "RegistryTimeout", host: reference.registry })
      assert.strictEqual(places, 0)
    }).pipe(Effect.provide(after("1 hour")))
  )

  it.effect.each(looks)("%s may have waited for its place for longer", ([, look]) =>
    Effect.gen(function* () {
      const busy = { enter: () => Effect.as(Effect.sleep("10 minutes"), Effect.void) }
      const looking = yield* Effect.forkChild(Effect.exit(Effect.provideService(look, ReadingRoom, busy)))
      yield* TestClock.adjust("15 minutes")
      assert.strictEqual((yield* Fiber.join(looking))._tag, "Success")
    }).pipe(Effect.provide(after("20 seconds")))
  )
})

describe("the trail of a look into an image", () => {
  it.effect("tells that it went well", () => {
    const { services } = world()
    return Effect.gen(function* () {
      yield* Effect.scoped(peeked)
      assert.deepStrictEqual(yield* told, ["image.peeked", "success", undefined])
    }).pipe(Effect.provide(services))
  })

  it.effect("tells with what failure it ended", () => {
    const { registry, services } = world()
    registry.manifests.clear()
    return Effect.gen(function* () {
      yield* Effect.flip(Effect.scoped(downloadAs(onlooker, { reference, layer: "0" })))
      assert.deepStrictEqual(yield* told, ["image.downloaded", "failure", "image-not-found"])
    }).pipe(Effect.provide(services))
  })

  it.effect("tells that there was no room", () => {
    const full = { enter: () => Effect.fail(new ReadingRoomFull({ retryAfter: 1 })) }
    return Effect.gen(function* () {
      yield* Effect.flip(Effect.provideService(Effect.scoped(peeked), ReadingRoom, full))
      assert.deepStrictEqual(yield* told, ["image.peeked", "failure", "reading-room-full"])
    }).pipe(Effect.provide(world().services))
  })

  it.effect("tells that the session was closed while it waited, and then asks no registry for anything", () => {
    const { registry, services } = world()
    return Effect.gen(function* () {
      const storage = yield* TokenStorage
      const signOut = Effect.provideService(revoke(onlooker.caller.sessionId, "signed-out"), TokenStorage, storage)
      const room = { enter: () => Effect.as(Effect.orDie(signOut), Effect.void) }
      for (const look of [Effect.asVoid(peeked), Effect.asVoid(downloadAs(onlooker, { reference, layer: "0" }))]) {
        const error = yield* Effect.flip(Effect.provideService(Effect.scoped(look), ReadingRoom, room))
        assert.strictEqual(error._tag, "TokenRevoked")
        assert.deepStrictEqual((yield* told).slice(1), ["failure", "token-revoked"])
      }
      assert.deepStrictEqual(registry.asked, [])
    }).pipe(Effect.provide(services))
  })

  it.effect("tells that it was interrupted, while it waited or midway", () => {
    const { registry, services } = world()
    registry.stalled = true
    return Effect.gen(function* () {
      const waiting = { enter: () => Effect.never }
      const first = yield* Effect.forkChild(Effect.provideService(Effect.scoped(peeked), ReadingRoom, waiting))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* told, ["image.peeked", "failure", "interrupted"])
      const second = yield* Effect.forkChild(Effect.scoped(downloadAs(onlooker, { reference, layer: "0" })))
      while (registry.connections === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(second)
      assert.deepStrictEqual(yield* told, ["image.downloaded", "failure", "interrupted"])
    }).pipe(Effect.provide(services))
  })

  it.effect("tells that a part of it was interrupted", () =>
    Effect.gen(function* () {
      yield* Effect.exit(Effect.provideService(Effect.scoped(peeked), ReadingRoom, { enter: () => Effect.interrupt }))
      assert.deepStrictEqual(yield* told, ["image.peeked", "failure", "interrupted"])
    }).pipe(Effect.provide(world().services))
  )

  it.effect("keeps what broke to the log", () => {
    const { services } = world()
    const broken = { enter: () => Effect.die(new Error("a fault of ours")) }
    return Effect.gen(function* () {
      yield* Effect.exit(Effect.provideService(Effect.scoped(peeked), ReadingRoom, broken))
      assert.deepStrictEqual(yield* told, ["image.peeked", "failure", "internal-error"])
    }).pipe(Effect.provide(services))
  })
})
