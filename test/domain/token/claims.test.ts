import { fc, test } from "@fast-check/vitest"
import { DateTime, Duration, Result } from "effect"
import { describe, expect } from "vitest"
import { accessClaims, refreshClaims } from "../../../src/domain/token/claims.ts"
import { instant, sessionId } from "../../support/arbitrary.ts"

const expected = { issuer: "https://keyhole.example", audience: "keyhole", leeway: Duration.seconds(5) }
const LEEWAY = 5
const TTL = 1800

const epochSeconds = (at: DateTime.Utc) => Math.floor(DateTime.toEpochMillis(at) / 1000)
const atSecond = (second: number) => DateTime.makeUnsafe(second * 1000)

const issued = fc.record({ at: instant, sid: sessionId }).map(({ at, sid }) => ({
  iss: expected.issuer,
  aud: expected.audience,
  sub: "ada",
  exp: epochSeconds(at) + TTL,
  iat: epochSeconds(at),
  nbf: epochSeconds(at),
  jti: "AAAAAAAAAAAAAAAAAAAAAA",
  sid,
  roles: ["viewer"],
  scope: "image:carve image:read",
  client_id: "keyhole"
}))
const age = fc.integer({ min: 0, max: TTL - 1 })

/** What became of it: "accepted", or the error's tag. */
const verdict = (result: ReturnType<typeof accessClaims> | ReturnType<typeof refreshClaims>) =>
  Result.isSuccess(result) ? "accepted" : result.failure._tag

const asAccess = (claims: unknown, now: DateTime.Utc) =>
  verdict(accessClaims({ type: "at+jwt", claims }, now, expected))

describe("an access token's claims", () => {
  test.prop([issued, age])("count from nbf until exp", (claims, seconds) => {
    expect(asAccess(claims, atSecond(claims.iat + seconds))).toBe("accepted")
  })

  test.prop([issued, fc.integer({ min: LEEWAY, max: 10 * TTL })])(
    "expire at exp, give or take the leeway",
    (claims, late) => {
      expect(asAccess(claims, atSecond(claims.exp + late))).toBe("TokenExpired")
      expect(asAccess(claims, atSecond(claims.exp + LEEWAY - 1))).toBe("accepted")
    }
  )

  test.prop([issued, fc.integer({ min: LEEWAY + 1, max: TTL })])(
    "do not count before nbf, give or take the leeway",
    (claims, early) => {
      expect(asAccess(claims, atSecond(claims.nbf - early))).toBe("TokenInvalid")
      expect(asAccess(claims, atSecond(claims.nbf - LEEWAY))).toBe("accepted")
    }
  )

  test.prop([
    issued,
    age,
    fc.constantFrom("iss", "aud", "sub", "exp", "nbf", "iat", "jti", "sid", "roles", "scope", "client_id")
  ])("are refused when one is missing", (claims, seconds, missing) => {
    const { [missing]: _, ...rest } = claims as Record<string, unknown>
    expect(asAccess(rest, atSecond(claims.iat + seconds))).toBe("TokenInvalid")
  })

  test.prop([
    issued,
    age,
    fc.constantFrom("exp", "nbf", "iat"),
    fc.oneof(fc.string(), fc.constant(null), fc.constant(Infinity), fc.double({ noInteger: true }))
  ])("are refused when a time is not a whole number", (claims, seconds, claim, value) => {
    expect(asAccess({ ...claims, [claim]: value }, atSecond(claims.iat + seconds))).toBe("TokenInvalid")
  })

  test.prop([issued, age, fc.constantFrom("iss", "aud"), fc.string()])(
    "are refused when they are another issuer's or for another audience",
    (claims, seconds, claim, other) => {
      fc.pre(other !== expected.issuer && other !== expected.audience)
      expect(asAccess({ ...claims, [claim]: other }, atSecond(claims.iat + seconds))).toBe("TokenInvalid")
    }
  )

  test.prop([issued, fc.string().filter((type) => type !== "at+jwt")])(
    "are refused under any other typ",
    (claims, type) => {
      expect(verdict(accessClaims({ type, claims }, atSecond(claims.iat), expected))).toBe("TokenInvalid")
    }
  )

  test.prop([issued])("are refused with a reason that tells operators what was wrong", (claims) => {
    const now = atSecond(claims.iat)
    const reason = (type: string, wrong: object) => {
      const result = accessClaims({ type, claims: { ...claims, ...wrong } }, now, expected)
      return Result.isFailure(result) && result.failure._tag === "TokenInvalid" ? result.failure.reason : undefined
    }
    expect(reason("rt+jwt", {})).toContain("at+jwt")
    expect(reason("at+jwt", { scope: 1 })).toContain("malformed")
    expect(reason("at+jwt", { iss: "somebody" })).toContain("iss")
    expect(reason("at+jwt", { aud: "somebody" })).toContain("aud")
    expect(reason("at+jwt", { nbf: claims.iat + LEEWAY + 1 })).toContain("nbf")
    expect(reason("at+jwt", {})).toBeUndefined()
  })

  test.prop([issued])("are read once for as often as the same ones come", (claims) => {
    const read = () => Result.getOrThrow(accessClaims({ type: "at+jwt", claims }, atSecond(claims.iat), expected))
    expect(read()).toEqual(claims)
    expect(read()).toBe(read())
  })

  test.prop([fc.anything()])("are refused when they are something else altogether", (claims) => {
    expect(asAccess(claims, atSecond(0))).toBe("TokenInvalid")
  })
})

describe("a refresh token's claims", () => {
  test.prop([issued, age])("never pass for an access token's, nor the other way round", (claims, seconds) => {
    const now = atSecond(claims.iat + seconds)
    expect(verdict(refreshClaims({ type: "rt+jwt", claims }, now, expected))).toBe("accepted")
    expect(verdict(refreshClaims({ type: "at+jwt", claims }, now, expected))).toBe("TokenInvalid")
    expect(verdict(accessClaims({ type: "rt+jwt", claims }, now, expected))).toBe("TokenInvalid")
  })

  test.prop([issued, fc.integer({ min: LEEWAY, max: 10 * TTL })])(
    "still name their session at log-out when they have expired",
    (claims, late) => {
      const now = atSecond(claims.exp + late)
      expect(verdict(refreshClaims({ type: "rt+jwt", claims }, now, expected))).toBe("TokenExpired")
      expect(verdict(refreshClaims({ type: "rt+jwt", claims }, now, expected, "may-be-over"))).toBe("accepted")
    }
  )
})
