import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Redacted } from "effect"
import { Client } from "../../src/domain/Client.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../src/domain/identity/PasswordHasher.ts"
import { User, UserId } from "../../src/domain/identity/User.ts"
import { UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { type CloseReason, Session, SessionId } from "../../src/domain/session/Session.ts"
import { SessionStore } from "../../src/domain/session/SessionStore.ts"
import { databases, ports } from "../support/database.ts"

const now = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")
const later = DateTime.add(now, { hours: 1 })
const muchLater = DateTime.add(now, { days: 1 })

const id = (number: number) => SessionId.make(`sess_${number.toString(16).padStart(16, "0")}`)
const ada = UserId.make("ada")
const eve = UserId.make("eve")

const session = (fields: Partial<ConstructorParameters<typeof Session>[0]> = {}) =>
  new Session({
    id: id(1),
    kind: "token",
    userId: ada,
    client: new Client({ ipAddress: "2001:db8::1", userAgent: "Mozilla/5.0 ü\r\n" }),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: later,
    closed: null,
    ...fields
  })

const people = Effect.gen(function* () {
  const users = yield* UserRepository
  for (const person of [ada, eve]) {
    const user = new User({
      id: person,
      email: Email.make(`${person}@example.com`),
      name: null,
      roles: [],
      disabled: false,
      createdAt: now,
      lastLoginAt: null
    })
    yield* users.create(user, PasswordHash.make(Redacted.make("secret")))
  }
})

describe.each(databases)("SessionStore over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(Layer.effectDiscard(people), Layer.provideMerge(ports, database))

  it.effect.each([
    session(),
    session({ kind: "cookie", client: new Client({ ipAddress: null, userAgent: null }) }),
    session({ closed: { at: later, reason: "signed-out" } })
  ])("gives back the session that was added %#", (expected) =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(expected)
      assert.deepStrictEqual(yield* sessions.find(expected.id), Option.some(expected))
      assert.deepStrictEqual(yield* sessions.hold(expected.id), Option.some(expected))
      assert.deepStrictEqual(yield* sessions.find(id(2)), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("lists a user's live sessions, newest first", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const older = session({ id: id(1) })
      const newer = session({ id: id(2), createdAt: DateTime.add(now, { milliseconds: 1 }) })
      const ended = session({ id: id(3), expiresAt: now })
      const closed = session({ id: id(4), closed: { at: now, reason: "superseded" } })
      const foreign = session({ id: id(5), userId: eve })
      for (const each of [older, ended, newer, closed, foreign]) yield* sessions.add(each)
      assert.deepStrictEqual(yield* sessions.liveOf(ada, now), [newer, older])
      assert.deepStrictEqual(yield* sessions.holdLiveOf(ada, now), [newer, older])
      assert.deepStrictEqual(yield* sessions.liveOf(eve, now), [foreign])
      assert.deepStrictEqual(yield* sessions.liveOf(ada, later), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("closes once: the first reason stays, and only the first call is told that it closed", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session())
      assert.isTrue(yield* sessions.close(id(1), "signed-out", now))
      assert.isFalse(yield* sessions.close(id(1), "refresh-reused", later))
      assert.isFalse(yield* sessions.close(id(9), "signed-out", now))
      const expected = session({ closed: { at: now, reason: "signed-out" } })
      assert.deepStrictEqual(yield* sessions.find(id(1)), Option.some(expected))
    }).pipe(Effect.provide(layer))
  )

  it.effect("lets one of many concurrent calls close a session", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session())
      const reasons: ReadonlyArray<CloseReason> = ["signed-out", "superseded", "refresh-reused"]
      const closed = yield* Effect.forEach(
        Array.from({ length: 48 }, (_, index) => reasons[index % reasons.length] ?? "expired"),
        (reason) => sessions.close(id(1), reason, now),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(closed.filter(Boolean).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("prolongs an open session, and never a closed one", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session())
      yield* sessions.prolong(id(1), later, muchLater)
      const prolonged = session({ lastSeenAt: later, expiresAt: muchLater })
      assert.deepStrictEqual(yield* sessions.find(id(1)), Option.some(prolonged))
      yield* sessions.close(id(1), "signed-out", later)
      yield* sessions.prolong(id(1), muchLater, DateTime.add(muchLater, { days: 1 }))
      const closed = session({ ...prolonged, closed: { at: later, reason: "signed-out" } })
      assert.deepStrictEqual(yield* sessions.find(id(1)), Option.some(closed))
    }).pipe(Effect.provide(layer))
  )
})
