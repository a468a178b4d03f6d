import { DateTime, Effect, Layer, Redacted, Result } from "effect"
import { trustedUntil } from "../../domain/key/Key.ts"
import { TokenInvalid } from "../../domain/token/TokenError.ts"
import { TokenSigner } from "../../domain/token/TokenSigner.ts"
import { MAX_LENGTH, parse, parseObject, signingInput } from "./Jwt.ts"
import { currentOf, trusted, trustedKey } from "../key/Keyring.ts"
import { SigningKeys } from "../key/SigningKeys.ts"
import { ALGORITHM, sign, verify } from "./Rs256.ts"
import { verifiedTokens } from "./VerifiedTokens.ts"

const invalid = (reason: string) => Effect.fail(new TokenInvalid({ reason }))

/** Signs and opens with the keys in memory, so that neither needs a store. */
export const layer = Layer.effect(
  TokenSigner,
  Effect.gen(function* () {
    const keys = yield* SigningKeys
    const verified = verifiedTokens()
    const ring = Effect.map(keys.known, ({ ring: found }) => found)
    /** The key, if it is one of those that count now. While the database is lost there may be more of them. */
    const named = Effect.fnUntraced(function* (id: string) {
      const known = yield* keys.known
      const key = trustedKey(known.ring, id, yield* DateTime.now)
      return key === undefined && known.lost !== undefined ? yield* known.lost : key
    })

    return TokenSigner.of({
      currentKey: Effect.flatMap(ring, (found) =>
        Effect.map(Effect.fromNullishOr(currentOf(found)), ({ id }) => id).pipe(Effect.orDie)
      ),
      publicKeys: Effect.flatMap(DateTime.now, (now) =>
        Effect.map(ring, (found) => trusted(found, now).map((key) => key.jwk))
      ),
      sign: Effect.fnUntraced(function* (type, claims, keyId) {
        const key = yield* named(keyId)
        if (key === undefined) return yield* invalid("its key is gone")
        const input = signingInput({ alg: ALGORITHM, typ: type, kid: key.id }, claims)
        const signature = yield* sign(input, key.privateKey)
        return Redacted.make(`${input}.${signature.toString("base64url")}`)
      }),
      open: Effect.fnUntraced(function* (token) {
        const text = Redacted.value(token)
        if (text.length > MAX_LENGTH) return yield* invalid("longer than any token of ours")
        const known = verified.find(text)
        if (known !== undefined) {
          const key = yield* named(known.keyId)
          if (key !== undefined) return { ...known, until: trustedUntil(key.state) }
        }
        const parsed = parse(text)
        if (Result.isFailure(parsed)) return yield* invalid(parsed.failure)
        const { header, signed, payload, signature } = parsed.success
        const { alg, kid, typ, crit } = header
        // RFC 8725 §3.1: the algorithm is ours to choose. Keys come from us alone: jwk, jku, x5u and x5c are not looked at.
        if (alg !== ALGORITHM) return yield* invalid("alg is not RS256")
        // RFC 7515 §4.1.11: no extension is understood here.
        if (crit !== undefined) return yield* invalid("crit is not understood")
        if (typeof typ !== "string") return yield* invalid("typ is missing")
        if (typeof kid !== "string") return yield* invalid("kid is missing")
        const key = yield* named(kid)
        if (key === undefined) return yield* invalid("kid is unknown")
        if (!verify(signed, key.publicKey, signature)) return yield* invalid("the signature is wrong")
        const claims = parseObject(payload)
        if (claims === undefined) return yield* invalid("the payload is not a JSON object in plain form")
        verified.keep(text, { type: typ, claims, keyId: key.id })
        return { type: typ, claims, until: trustedUntil(key.state) }
      })
    })
  })
)
