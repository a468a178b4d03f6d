import { fc, it } from "@fast-check/vitest"
import { describe, expect } from "@effect/vitest"
import { KeyId } from "../../../src/domain/token/TokenSigner.ts"
import { verifiedTokens } from "../../../src/infra/token/VerifiedTokens.ts"

const verified = (token: string) => ({ type: "at+jwt", claims: { token }, keyId: KeyId.make("key") })

describe("verifiedTokens", () => {
  it.prop([fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.integer({ min: 1, max: 10 })])(
    "knows exactly those that were kept last, as many as it may",
    (tokens, capacity) => {
      const known = verifiedTokens(capacity)
      for (const token of tokens) known.keep(token, verified(token))
      const expected = tokens.slice(-capacity)
      expect(tokens.filter((token) => known.find(token) !== undefined)).toEqual(expected)
      for (const token of expected) expect(known.find(token)).toEqual(verified(token))
    }
  )
})
