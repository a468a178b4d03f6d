import { DateTime, Duration, Predicate, Result, Schema } from "effect"
import { ACCESS_TOKEN_TYPE, AccessTokenClaims } from "./AccessToken.ts"
import { REFRESH_TOKEN_TYPE, RefreshTokenClaims } from "./RefreshToken.ts"
import { TokenExpired, TokenInvalid } from "./TokenError.ts"
import type { OpenedToken } from "./TokenSigner.ts"

export interface Expected {
  readonly issuer: string
  readonly audience: string
  readonly leeway: Duration.Duration
}

/** Whether a token past its `exp` still counts: at log-out it does (it names a session, nothing more). */
export type Expiry = "must-be-live" | "may-be-over"

interface Timed {
  readonly iss: string
  readonly aud: string
  readonly exp: number
  readonly nbf: number
}

/** From when on a token counts, and until before when: milliseconds of the epoch. */
export interface Lifetime {
  readonly from: number
  readonly until: number
}

/** Give or take the leeway, which is for clocks that disagree (RFC 7519 §4.1.4). */
export const lifetimeOf = ({ nbf, exp }: Pick<Timed, "exp" | "nbf">, leeway: Duration.Duration): Lifetime => {
  const millis = Duration.toMillis(leeway)
  return { from: nbf * 1000 - millis, until: exp * 1000 + millis }
}

/**
 * The claims of a token whose signature is good, or why it does not count here: wrong `typ` (RFC 8725 §3.11), a claim
 * missing or of the wrong type, another issuer or audience, not yet valid, expired.
 */
const validate =
  <Claims extends Timed>(type: string, decode: (claims: unknown) => Result.Result<Claims, unknown>) =>
  (
    token: OpenedToken,
    now: DateTime.Utc,
    expected: Expected,
    expiry: Expiry = "must-be-live"
  ): Result.Result<Claims, TokenInvalid | TokenExpired> => {
    const invalid = (reason: string) => Result.fail(new TokenInvalid({ reason }))
    if (token.type !== type) return invalid(`typ is not ${type}`)
    const decoded = decode(token.claims)
    if (Result.isFailure(decoded)) return invalid("a claim is missing or malformed")
    const claims = decoded.success
    if (claims.iss !== expected.issuer) return invalid("iss is not ours")
    if (claims.aud !== expected.audience) return invalid("aud is not ours")
    const time = DateTime.toEpochMillis(now)
    const { from, until } = lifetimeOf(claims, expected.leeway)
    if (time < from) return invalid("nbf is ahead")
    if (expiry === "must-be-live" && time >= until) return Result.fail(new TokenExpired())
    return Result.succeed(claims)
  }

/** An access token comes with every request, and its signer knows it again: what it says is then the same object as before. */
const once = <A>(decode: (claims: unknown) => A) => {
  const known = new WeakMap<object, A>()
  return (claims: unknown): A => {
    if (!Predicate.isObject(claims)) return decode(claims)
    const found = known.get(claims)
    if (found !== undefined) return found
    const decoded = decode(claims)
    known.set(claims, decoded)
    return decoded
  }
}

export const accessClaims = validate(ACCESS_TOKEN_TYPE, once(Schema.decodeUnknownResult(AccessTokenClaims)))
export const refreshClaims = validate(REFRESH_TOKEN_TYPE, Schema.decodeUnknownResult(RefreshTokenClaims))
