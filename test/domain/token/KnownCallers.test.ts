import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Ref } from "effect"
import { Email } from "../../../src/domain/identity/Email.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { type Judgement, KnownCallers } from "../../../src/domain/token/KnownCallers.ts"

const judgement: Judgement = {
  caller: {
    user: new User({
      id: UserId.make("ada"),
      email: Email.make("ada@example.com"),
      name: null,
      roles: [],
      disabled: false,
      createdAt: DateTime.makeUnsafe(0),
      lastLoginAt: null
    }),
    sessionId: SessionId.make("sess_0000000000000001"),
    kind: "token",
    grants: []
  },
  lifetime: { from: 0, until: Number.POSITIVE_INFINITY }
}

describe("callers, where nobody remembers who came before", () => {
  it.effect("are judged each time", () =>
    Effect.gen(function* () {
      const { judged, recall } = yield* KnownCallers
      const judgements = yield* Ref.make(0)
      const judge = Effect.as(
        Ref.update(judgements, (count) => count + 1),
        judgement
      )
      for (const times of [1, 2]) {
        assert.strictEqual(yield* judged("a token", judge), judgement.caller)
        assert.strictEqual(yield* Ref.get(judgements), times)
        assert.isUndefined(recall("a token"))
      }
    })
  )
})
