import { fc, test } from "@fast-check/vitest"
import { DateTime, Duration } from "effect"
import { describe, expect } from "vitest"
import { UserId } from "../../../src/domain/identity/User.ts"
import { RefreshToken } from "../../../src/domain/token/RefreshToken.ts"
import { rotation } from "../../../src/domain/token/rotation.ts"
import { TokenId } from "../../../src/domain/token/TokenId.ts"
import { KeyId } from "../../../src/domain/token/TokenSigner.ts"
import { instant, sessionId } from "../../support/arbitrary.ts"

const live = fc.record({ issuedAt: instant, sessionId }).map(
  (fields) =>
    new RefreshToken({
      ...fields,
      id: TokenId.make("AAAAAAAAAAAAAAAAAAAAAA"),
      userId: UserId.make("ada"),
      keyId: KeyId.make("key"),
      expiresAt: DateTime.add(fields.issuedAt, { days: 7 })
    })
)
const grace = fc.integer({ min: 0, max: 60_000 }).map((millis) => Duration.millis(millis))

describe("a refresh token that comes back", () => {
  test.prop([instant, grace])("is replaced when it is the live one", (now, period) => {
    expect(rotation({ _tag: "Consumed" }, now, period)).toEqual({ _tag: "Rotate" })
  })

  test.prop([instant, live, grace, fc.double({ min: 0, max: 1, noNaN: true })])(
    "gets the session's live token, whichever that is, for the whole grace period",
    (firstUsedAt, leaf, period, part) => {
      const now = DateTime.addDuration(firstUsedAt, Duration.millis(Math.floor(Duration.toMillis(period) * part)))
      expect(rotation({ _tag: "AlreadyConsumed", firstUsedAt, live: leaf }, now, period)).toEqual({
        _tag: "Repeat",
        live: leaf
      })
    }
  )

  test.prop([instant, live, grace, fc.integer({ min: 1, max: 10_000_000 })])(
    "closes the family after it",
    (firstUsedAt, leaf, period, late) => {
      const now = DateTime.addDuration(firstUsedAt, Duration.sum(period, Duration.millis(late)))
      expect(rotation({ _tag: "AlreadyConsumed", firstUsedAt, live: leaf }, now, period)).toEqual({
        _tag: "CloseFamily"
      })
    }
  )

  test.prop([instant, grace])("is refused when nobody knows it, and closes nothing", (now, period) => {
    expect(rotation({ _tag: "Unknown" }, now, period)).toEqual({ _tag: "Refuse" })
  })
})
