import { fc, test } from "@fast-check/vitest"
import { DateTime, Duration, Result } from "effect"
import { describe, expect } from "vitest"
import { UserId } from "../../../src/domain/identity/User.ts"
import { refreshClaims } from "../../../src/domain/token/claims.ts"
import { claimsOf, REFRESH_TOKEN_TYPE, RefreshToken } from "../../../src/domain/token/RefreshToken.ts"
import { TokenId } from "../../../src/domain/token/TokenId.ts"
import { KeyId } from "../../../src/domain/token/TokenSigner.ts"
import { instant, sessionId } from "../../support/arbitrary.ts"

const settings = { issuer: "https://keyhole.example", audience: "keyhole" }
const expected = { ...settings, leeway: Duration.zero }

const token = fc
  .record({
    id: fc.stringMatching(/^[\w-]{22}$/u).map((id) => TokenId.make(id)),
    sessionId,
    userId: fc.uuid().map((id) => UserId.make(id)),
    keyId: fc.constant(KeyId.make("key")),
    issuedAt: instant,
    life: fc.integer({ min: 2, max: 10_000_000 })
  })
  .map(
    ({ life, ...fields }) =>
      new RefreshToken({ ...fields, expiresAt: DateTime.addDuration(fields.issuedAt, Duration.seconds(life)) })
  )

describe("the claims of a kept refresh token", () => {
  test.prop([token])("say whose it is and which one, in whole seconds", (kept) => {
    const claims = claimsOf(kept, settings)
    expect(claims).toMatchObject({ sub: kept.userId, jti: kept.id, sid: kept.sessionId })
    expect(claims).toMatchObject({ iss: settings.issuer, aud: settings.audience })
    for (const [claim, time] of [
      [claims.iat, kept.issuedAt],
      [claims.nbf, kept.issuedAt],
      [claims.exp, kept.expiresAt]
    ] as const) {
      expect(claim).toBe(Math.floor(time.epochMilliseconds / 1000))
    }
  })

  test.prop([token])("are accepted from when it was issued until it ends, and not after", (kept) => {
    const ask = (now: DateTime.Utc) =>
      refreshClaims({ type: REFRESH_TOKEN_TYPE, claims: claimsOf(kept, settings) }, now, expected)
    expect(Result.isSuccess(ask(kept.issuedAt))).toBe(true)
    expect(Result.isSuccess(ask(DateTime.subtract(kept.expiresAt, { seconds: 1 })))).toBe(true)
    expect(Result.isFailure(ask(kept.expiresAt))).toBe(true)
  })

  test.prop([token])("are the same every time, to the letter", (kept) => {
    expect(JSON.stringify(claimsOf(new RefreshToken({ ...kept }), settings))).toBe(
      JSON.stringify(claimsOf(kept, settings))
    )
  })
})
