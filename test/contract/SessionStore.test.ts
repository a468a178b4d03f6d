import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option, Redacted } from "effect"
import { Client } from "../../src/domain/Client.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../src/domain/identity/PasswordHasher.ts"
import { User, UserId } from "../../src/domain/identity/User.ts"
import { UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { type CloseReason, Session, SessionId } from "../../src/domain/session/Session.ts"
import { SessionSecret } from "../../src/domain/session/SessionSecret.ts"
import { SessionStore } from "../../src/domain/session/SessionStore.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { databases, ports } from "../support/database.ts"

const now = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")
const later = DateTime.add(now, { hours: 1 })
const muchLater = DateTime.add(now, { days: 1 })

const id = (number: number) => SessionId.make(`sess_${number.toString(16).padStart(16, "0")}`)
const secret = (text: string) => SessionSecret.make(Redacted.make(text))
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

  it.effect(
    "lists a user's live sessions and those closed lately, and holds those that are not closed, newest first",
    () =>
      Effect.gen(function* () {
        const sessions = yield* SessionStore
        const older = session({ id: id(1) })
        const newer = session({ id: id(2), createdAt: DateTime.add(now, { milliseconds: 1 }) })
        const ended = session({ id: id(3), expiresAt: now })
        const closed = session({ id: id(4), closed: { at: now, reason: "superseded" } })
        const foreign = session({ id: id(5), userId: eve })
        for (const each of [older, ended, newer, closed, foreign]) yield* sessions.add(each)
        assert.deepStrictEqual(yield* sessions.liveOf(ada, now), [newer, older])
        assert.deepStrictEqual(yield* sessions.holdOpenOf(ada), [newer, ended, older])
        assert.deepStrictEqual(yield* sessions.closedSince(ada, now), [closed])
        assert.deepStrictEqual(yield* sessions.closedSince(ada, later), [])
        assert.deepStrictEqual(yield* sessions.liveOf(eve, now), [foreign])
        assert.deepStrictEqual(yield* sessions.liveOf(ada, later), [])
      }).pipe(Effect.provide(layer))
  )

  it.effect("forgets with a user even how sessions of theirs ended long ago", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const ended = session({ kind: "cookie", closed: { at: now, reason: "expired" } })
      yield* sessions.add(ended, secret("known"))
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("known")), Option.some(ended))
      const users = yield* UserRepository
      yield* users.remove(ada)
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("known")), Option.none())
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

  it.effect("finds a session by its secret alone, closed or not", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session({ kind: "cookie" }), secret("one"))
      yield* sessions.add(session({ id: id(2) }))
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("one")), Option.some(session({ kind: "cookie" })))
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("other")), Option.none())
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("")), Option.none())
      yield* sessions.close(id(1), "signed-out", now)
      const found = Option.getOrThrow(yield* sessions.findBySecret(secret("one")))
      assert.deepStrictEqual(found.closed, { at: now, reason: "signed-out" })
    }).pipe(Effect.provide(layer))
  )

  it.effect("knows a session by its newest secret, and finds it as it is now, however often it was found before", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session({ kind: "cookie" }), secret("one"))
      yield* sessions.findBySecret(secret("one"))
      yield* sessions.prolong(id(1), later, muchLater)
      const prolonged = session({ kind: "cookie", lastSeenAt: later, expiresAt: muchLater })
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("one")), Option.some(prolonged))
      assert.isTrue(yield* sessions.replaceSecret(secret("one"), secret("two")))
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("one")), Option.none())
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("two")), Option.some(prolonged))
    }).pipe(Effect.provide(layer))
  )

  it.effect("replaces a secret once, and never that of a closed session", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      yield* sessions.add(session({ kind: "cookie" }), secret("one"))
      const all = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => secret(`next ${index}`)),
        (next) => sessions.replaceSecret(secret("one"), next),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(all.filter(Boolean).length, 1)
      yield* sessions.add(session({ id: id(2), kind: "cookie" }), secret("a"))
      yield* sessions.close(id(2), "signed-out", now)
      assert.isFalse(yield* sessions.replaceSecret(secret("a"), secret("b")))
      assert.deepStrictEqual(yield* sessions.findBySecret(secret("b")), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps nothing that could be presented", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const { read } = yield* Database
      yield* sessions.add(session({ kind: "cookie" }), secret("canary"))
      const rows = yield* read((tables) => tables.selectFrom("session").selectAll().execute())
      assert.notInclude(JSON.stringify(rows), "canary")
    }).pipe(Effect.provide(layer))
  )
})
