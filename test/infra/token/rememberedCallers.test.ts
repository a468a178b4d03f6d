import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { operator, RoleName } from "../../../src/domain/access/Role.ts"
import { RoleRepository } from "../../../src/domain/access/RoleRepository.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import type { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { authenticate } from "../../../src/domain/token/authenticate.ts"
import { KnownCallers } from "../../../src/domain/token/KnownCallers.ts"
import { revoke } from "../../../src/domain/token/revocation.ts"
import { inSharedFile } from "../../support/database.ts"
import { over, somebody } from "../../support/useCases.ts"

const ada = { email: Email.make("ada@example.com"), password: Redacted.make("a lighthouse at noon"), name: null }

/** Two processes on one database, the first of which has seen a user come. */
const story = Effect.gen(function* () {
  const database = yield* inSharedFile
  const start = Layer.build(Layer.fresh(over(database)))
  const [here, there] = [yield* start, yield* start]
  const { accessToken, sessionId, user } = yield* Effect.provideContext(register(ada, somebody), here)
  const come = Effect.provideContext(authenticate(accessToken), here)
  const recall = () => Context.get(here, KnownCallers).recall(Redacted.value(accessToken))
  // Sweeps write as well, when it suits them: then the next who comes looks what has changed.
  const comeUntilKnown = Effect.repeat(come, { until: () => recall() !== undefined })
  yield* comeUntilKnown
  return { here, there, come, comeUntilKnown, recall, sessionId, user }
})

describe("the callers who came before", () => {
  it.effect("are known again, as who they are", () =>
    Effect.gen(function* () {
      const { come, comeUntilKnown, recall } = yield* story
      const first = yield* comeUntilKnown
      assert.strictEqual(recall(), first)
      assert.strictEqual(yield* come, first)
    })
  )

  it.effect("are nobody from the moment that their session is revoked elsewhere", () =>
    Effect.gen(function* () {
      const { there, come, recall, sessionId } = yield* story
      yield* Effect.provideContext(revoke(sessionId, "signed-out"), there)
      assert.isUndefined(recall())
      assert.strictEqual((yield* Effect.flip(come))._tag, "TokenRevoked")
      assert.isUndefined(recall())
    })
  )

  it.effect("are who they have become when they were changed elsewhere", () =>
    Effect.gen(function* () {
      const { there, comeUntilKnown, recall, user } = yield* story
      yield* Context.get(there, UserRepository).grant(user.id, operator.name)
      assert.isUndefined(recall())
      assert.include((yield* comeUntilKnown).user.roles, operator.name)
      assert.strictEqual(recall()?.user.roles.includes(operator.name), true)
    })
  )

  it.effect("may do what roles hold that were changed elsewhere", () =>
    Effect.gen(function* () {
      const { there, come, comeUntilKnown, recall, user } = yield* story
      const reader = RoleName.make("reader")
      const { define } = Context.get(there, RoleRepository)
      yield* define(reader, [])
      yield* Context.get(there, UserRepository).grant(user.id, reader)
      yield* comeUntilKnown
      assert.strictEqual(recall()?.grants.includes("event:read"), false)
      yield* define(reader, ["event:read"])
      assert.isUndefined(recall())
      assert.include((yield* come).grants, "event:read")
    })
  )

  it.effect("are others than those whom a change has nothing to do with", () =>
    Effect.gen(function* () {
      const { there, come, comeUntilKnown, recall } = yield* story
      const before = yield* comeUntilKnown
      yield* Effect.provideContext(revoke(SessionId.make("sess_00000000000000ff"), "signed-out"), there)
      assert.isUndefined(recall())
      assert.strictEqual(yield* come, before)
    })
  )

  it.effect("are nobody when their token's time is over", () =>
    Effect.gen(function* () {
      const { come, comeUntilKnown, recall } = yield* story
      yield* TestClock.adjust("30 minutes")
      yield* comeUntilKnown
      yield* TestClock.adjust("6 seconds")
      assert.isUndefined(recall())
      assert.strictEqual((yield* Effect.flip(come))._tag, "TokenExpired")
    })
  )

  it.effect("are not kept when anything changes while they are judged", () =>
    Effect.gen(function* () {
      const { here, there, come, user } = yield* story
      const caller = yield* come
      const { judged, recall } = Context.get(here, KnownCallers)
      const judgement = (during: Effect.Effect<unknown, StorageUnavailable>) =>
        Effect.as(during, { caller, lifetime: { from: 0, until: Number.POSITIVE_INFINITY } })
      const change = Context.get(there, UserRepository).grant(user.id, operator.name)
      const look = Context.get(here, UserRepository).findById(user.id)
      yield* judged("a token", judgement(Effect.andThen(change, look)))
      assert.isUndefined(recall("a token"))
      yield* judged("a token", judgement(look))
      yield* Effect.repeat(look, { until: () => recall("a token") !== undefined })
      assert.strictEqual(recall("a token"), caller)
    })
  )
})
