import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { UserId } from "../../../src/domain/identity/User.ts"
import { readingRoom } from "../../../src/infra/image/ReadingRoom.ts"

const [ada, bob] = [UserId.make("ada"), UserId.make("bob")]

/** Enters, says so, and stays until its scope is closed. */
const visitor = Effect.fnUntraced(function* (room: ReturnType<typeof readingRoom>, user: UserId) {
  const scope = yield* Scope.make()
  let inside = false
  const entering = yield* Effect.forkChild(
    Effect.tap(Scope.provide(room.enter(user), scope), () => Effect.sync(() => (inside = true)))
  )
  yield* Effect.yieldNow
  yield* Effect.yieldNow
  return { isInside: () => inside, entering, leave: Scope.close(scope, Exit.void) }
})

const turns = Effect.andThen(Effect.yieldNow, Effect.yieldNow)

describe("the reading room", () => {
  it.effect("lets in as many as it has places, half of them for one user, and the next when one leaves", () =>
    Effect.gen(function* () {
      const room = readingRoom({ atOnce: 2, queue: 2 })
      const [first, second, third] = [yield* visitor(room, ada), yield* visitor(room, ada), yield* visitor(room, bob)]
      assert.deepStrictEqual([first.isInside(), second.isInside(), third.isInside()], [true, false, true])
      yield* first.leave
      yield* turns
      assert.isTrue(second.isInside())
      yield* second.leave
      yield* third.leave
    })
  )

  it.effect("turns away who has too many waiting, and says when to come again", () =>
    Effect.gen(function* () {
      const room = readingRoom({ atOnce: 1, queue: 1 })
      const [inside, waiting] = [yield* visitor(room, ada), yield* visitor(room, ada)]
      const error = yield* Effect.flip(Effect.scoped(room.enter(ada)))
      assert.strictEqual(error._tag, "ReadingRoomFull")
      assert.isAtLeast(error.retryAfter, 1)
      yield* inside.leave
      yield* turns
      assert.isTrue(waiting.isInside())
      yield* waiting.leave
    })
  )

  it.effect("forgets who goes while waiting", () =>
    Effect.gen(function* () {
      const room = readingRoom({ atOnce: 1, queue: 1 })
      const [inside, impatient] = [yield* visitor(room, ada), yield* visitor(room, ada)]
      yield* Fiber.interrupt(impatient.entering)
      yield* impatient.leave
      const patient = yield* visitor(room, ada)
      yield* inside.leave
      yield* turns
      assert.isTrue(patient.isInside())
      yield* patient.leave
    })
  )

  it.effect("has a place again when a reading ends before its scope does", () =>
    Effect.gen(function* () {
      const room = readingRoom({ atOnce: 1, queue: 0 })
      yield* Effect.gen(function* () {
        const leave = yield* room.enter(ada)
        yield* leave
        yield* Effect.scoped(room.enter(bob))
      }).pipe(Effect.scoped)
      yield* Effect.scoped(room.enter(ada))
    })
  )
})
