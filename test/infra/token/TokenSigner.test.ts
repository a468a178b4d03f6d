import { createHmac, createSign } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { createLocalJWKSet, jwtVerify } from "jose"
import { TokenSigner } from "../../../src/domain/token/TokenSigner.ts"
import type { SigningKey } from "../../../src/infra/key/SigningKey.ts"
import { layer } from "../../../src/infra/token/TokenSigner.ts"
import { keyOf, withKeys } from "../key/keys.ts"

const CURRENT = { _tag: "Current" } as const
const CLAIMS = { iss: "http://localhost:8080", sub: "ada", exp: 4_102_444_800, roles: ["viewer"] }
const UNTIL = DateTime.makeUnsafe("2030-01-01T00:00:00Z")

const current = Effect.runPromise(keyOf(0, CURRENT))
const ours = Layer.unwrap(
  Effect.map(
    Effect.promise(() => current),
    (key) => Layer.provide(layer, withKeys([key]))
  )
)

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString("base64url")

/** A token of the given text, its signature good: what an attacker could make who had our key for a moment. */
const forge = (header: string, payload: string, key: SigningKey): string => {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createSign("sha256").update(input).sign(key.privateKey, "base64url")}`
}
const headerOf = (key: SigningKey, more: object = {}) => ({ alg: "RS256", typ: "at+jwt", kid: key.id, ...more })

const open = (token: string) => TokenSigner.use((signer) => signer.open(Redacted.make(token)))
const sign = (claims: object = CLAIMS) =>
  TokenSigner.use((signer) => Effect.flatMap(signer.currentKey, (key) => signer.sign("at+jwt", claims, key)))
const reasonOf = (token: string) =>
  Effect.map(Effect.flip(open(token)), (error) => (error._tag === "TokenInvalid" ? error.reason : error._tag))

describe("TokenSigner", () => {
  it.layer(ours)((test) => {
    test.effect("opens what it signed", () =>
      Effect.gen(function* () {
        expect(yield* open(Redacted.value(yield* sign()))).toMatchObject({ type: "at+jwt", claims: CLAIMS })
      })
    )

    test.effect("signs the same claims with the same key to the same string, always", () =>
      Effect.gen(function* () {
        expect(Redacted.value(yield* sign())).toBe(Redacted.value(yield* sign({ ...CLAIMS })))
      })
    )

    test.effect("opens a token again, however often, and still no other that only looks like it", () =>
      Effect.gen(function* () {
        const token = Redacted.value(yield* sign())
        const first = yield* open(token)
        expect(yield* open(token)).toEqual(first)
        expect(yield* reasonOf(`${token.slice(0, -2)}AA`)).toBeTypeOf("string")
        expect(yield* reasonOf(token.slice(0, -342) + "A".repeat(342))).toBe("the signature is wrong")
      })
    )

    test.effect("signs what any other implementation verifies with the published keys", () =>
      Effect.gen(function* () {
        const signer = yield* TokenSigner
        const jwks = createLocalJWKSet({ keys: [...(yield* signer.publicKeys)] })
        const token = Redacted.value(yield* sign())
        const verified = yield* Effect.promise(() => jwtVerify(token, jwks, { typ: "at+jwt", algorithms: ["RS256"] }))
        expect(verified.payload).toEqual(CLAIMS)
        expect(verified.protectedHeader).toEqual({ alg: "RS256", typ: "at+jwt", kid: yield* signer.currentKey })
      })
    )

    test.effect("publishes nothing of a key but its public half", () =>
      Effect.gen(function* () {
        const [key, ...others] = yield* (yield* TokenSigner).publicKeys
        expect(others).toEqual([])
        expect(Object.keys(key ?? {}).toSorted()).toEqual(["alg", "e", "kid", "kty", "n", "use"])
      })
    )

    test.effect("refuses every spelling of 'no algorithm', and algorithms that are not ours", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        const algorithms = ["none", "None", "NONE", "nOnE", "HS256", "RS384", "PS256", "ES256", "rs256", "", null, 1]
        for (const alg of algorithms) {
          const signed = forge(JSON.stringify(headerOf(key, { alg })), JSON.stringify(CLAIMS), key)
          const [head, body] = signed.split(".")
          expect(yield* reasonOf(signed), String(alg)).toBe("alg is not RS256")
          expect(yield* reasonOf(`${head}.${body}.`), `${alg}, unsigned`).toBe("not canonical base64url")
        }
        const nameless = forge(JSON.stringify({ typ: "at+jwt", kid: key.id }), JSON.stringify(CLAIMS), key)
        expect(yield* reasonOf(nameless)).toBe("alg is not RS256")
      })
    )

    test.effect("refuses an HMAC made with the public key, whatever the algorithm is said to be", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        const secrets = [
          key.publicKey.export({ format: "pem", type: "spki" }),
          key.publicKey.export({ format: "der", type: "spki" }),
          key.publicKey.export({ format: "pem", type: "pkcs1" }),
          JSON.stringify(key.publicKey.export({ format: "jwk" })),
          key.jwk.n
        ]
        for (const secret of secrets) {
          for (const [alg, reason] of [
            ["HS256", "alg is not RS256"],
            ["RS256", "the signature is wrong"]
          ] as const) {
            const input = `${encode(JSON.stringify(headerOf(key, { alg })))}.${encode(JSON.stringify(CLAIMS))}`
            const token = `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`
            expect(yield* reasonOf(token)).toBe(reason)
          }
        }
      })
    )

    test.effect("looks for its key nowhere but among its own", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        const stranger = yield* keyOf(1, CURRENT)
        const offers = [
          { jwk: stranger.jwk },
          { jku: "https://attacker.example/jwks.json" },
          { x5u: "https://attacker.example/cert.pem" },
          { x5c: ["MIIB"] }
        ]
        for (const offer of offers) {
          const theirs = (kid: string) =>
            forge(JSON.stringify(headerOf(key, { kid, ...offer })), JSON.stringify(CLAIMS), stranger)
          expect(yield* reasonOf(theirs(stranger.id)), Object.keys(offer).join()).toBe("kid is unknown")
          expect(yield* reasonOf(theirs(key.id)), Object.keys(offer).join()).toBe("the signature is wrong")
          const mine = forge(JSON.stringify(headerOf(key, offer)), JSON.stringify(CLAIMS), key)
          expect(yield* open(mine), Object.keys(offer).join()).toMatchObject({ type: "at+jwt", claims: CLAIMS })
        }
      })
    )

    test.effect("refuses a kid that is missing, is not text or names no key", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        const withKid = (kid: unknown) =>
          reasonOf(forge(JSON.stringify(headerOf(key, { kid })), JSON.stringify(CLAIMS), key))
        for (const kid of [undefined, null, 1, [key.id], { kid: key.id }]) {
          expect(yield* withKid(kid)).toBe("kid is missing")
        }
        const unknown = [
          "",
          "../../etc/passwd",
          "' or 1=1 --",
          "__proto__",
          `${key.id} `,
          key.id.toUpperCase(),
          "k".repeat(5000)
        ]
        for (const kid of unknown) expect(yield* withKid(kid), kid).toBe("kid is unknown")
        expect(yield* withKid("k".repeat(10_000))).toBe("longer than any token of ours")
      })
    )

    test.effect("refuses every critical extension, even an empty list of them, and a type that is missing", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        for (const crit of [["exp"], ["b64"], [], "exp", null]) {
          const token = forge(JSON.stringify(headerOf(key, { crit, b64: false })), JSON.stringify(CLAIMS), key)
          expect(yield* reasonOf(token)).toBe("crit is not understood")
        }
        for (const typ of [undefined, null, 7]) {
          const token = forge(JSON.stringify(headerOf(key, { typ })), JSON.stringify(CLAIMS), key)
          expect(yield* reasonOf(token)).toBe("typ is missing")
        }
      })
    )

    test.effect("refuses a token of which any bit was flipped, any character changed, added or left out", () =>
      Effect.gen(function* () {
        const token = Redacted.value(yield* sign())
        for (let index = 0; index < token.length; index++) {
          const changed = String.fromCharCode(token.charCodeAt(index) ^ 1)
          expect(yield* reasonOf(token.slice(0, index) + changed + token.slice(index + 1)), `${index}`).toBeTypeOf(
            "string"
          )
          expect(yield* reasonOf(token.slice(0, index) + token.slice(index + 1)), `${index}`).toBeTypeOf("string")
        }
        for (const more of ["=", "\n", " ", ".", "A", "\u0000"]) {
          expect(yield* reasonOf(token + more)).toBeTypeOf("string")
          expect(yield* reasonOf(more + token)).toBeTypeOf("string")
        }
      })
    )

    test.effect("refuses a signature in another spelling, though it stands for the same bytes", () =>
      Effect.gen(function* () {
        const token = Redacted.value(yield* sign())
        const [head = "", body = "", tail = ""] = token.split(".")
        const last = tail.at(-1) ?? ""
        const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        const twins = [...alphabet].filter((letter) => {
          const twin = tail.slice(0, -1) + letter
          return letter !== last && Buffer.from(twin, "base64url").equals(Buffer.from(tail, "base64url"))
        })
        expect(twins.length).toBeGreaterThan(0)
        const spellings = [
          ...twins.map((letter) => tail.slice(0, -1) + letter),
          `${tail}==`,
          Buffer.from(tail, "base64url").toString("base64"),
          `${tail.slice(0, 8)}\n${tail.slice(8)}`
        ]
        for (const spelling of spellings) {
          expect(yield* reasonOf(`${head}.${body}.${spelling}`), spelling).toBe("not canonical base64url")
        }
      })
    )

    test.effect("refuses what is not three parts: JWS in JSON, five parts, empty parts, nothing", () =>
      Effect.gen(function* () {
        const token = Redacted.value(yield* sign())
        const [head, payload, signature] = token.split(".")
        const json = JSON.stringify({ payload, protected: head, signature })
        for (const text of [
          "",
          ".",
          "a",
          "a.b",
          json,
          `${token}.x.y`,
          `${token}.`,
          "ünï.cö.dé",
          "..",
          `${head}..${signature}`
        ]) {
          expect(["not three parts", "not canonical base64url"], text).toContain(yield* reasonOf(text))
        }
      })
    )

    test.effect("refuses JSON that could be read in two ways, and JSON that is no object", () =>
      Effect.gen(function* () {
        const key = yield* Effect.promise(() => current)
        const header = JSON.stringify(headerOf(key))
        const claims = JSON.stringify(CLAIMS)
        const doubled = (text: string, member: string) => `{${member},${text.slice(1)}`
        for (const text of [
          doubled(header, '"alg":"none"'),
          doubled(header, '"kid":"x"'),
          "[]",
          "null",
          "1",
          "{",
          ` ${header}`
        ]) {
          expect(yield* reasonOf(forge(text, claims, key)), text).toBe("the header is not a JSON object in plain form")
        }
        for (const text of [
          doubled(claims, '"sub":"eve"'),
          "[]",
          "null",
          '"text"',
          "not json",
          `${claims} `,
          "\ufeff{}"
        ]) {
          expect(yield* reasonOf(forge(header, text, key)), text).toBe("the payload is not a JSON object in plain form")
        }
        const input = `${encode(header)}.${encode(Uint8Array.of(0x7b, 0xff, 0x7d))}`
        const notText = `${input}.${createSign("sha256").update(input).sign(key.privateKey, "base64url")}`
        expect(yield* reasonOf(notText)).toBe("the payload is not a JSON object in plain form")
      })
    )

    test.effect("turns a token of a megabyte away before doing any work", () =>
      Effect.gen(function* () {
        const start = performance.now()
        for (let count = 0; count < 1000; count++) {
          expect(yield* reasonOf(`${"a".repeat(1 << 20)}.b.c`)).toBe("longer than any token of ours")
        }
        expect(performance.now() - start).toBeLessThan(500)
      })
    )
  })

  it.effect("accepts tokens of the next key and of a retiring one until its deadline, and publishes them", () =>
    Effect.gen(function* () {
      const keys = yield* Effect.all([
        keyOf(0, CURRENT),
        keyOf(1, { _tag: "Next" }),
        keyOf(2, { _tag: "Retiring", until: UNTIL })
      ])
      const [now, next, retiring] = keys
      const tokenOf = (key: SigningKey) => forge(JSON.stringify(headerOf(key)), JSON.stringify(CLAIMS), key)
      yield* Effect.gen(function* () {
        const signer = yield* TokenSigner
        expect(yield* signer.currentKey).toBe(now.id)
        yield* TestClock.setTime(DateTime.toEpochMillis(UNTIL) - 1)
        for (const key of keys) expect((yield* open(tokenOf(key))).type).toBe("at+jwt")
        expect((yield* signer.publicKeys).map((key) => key.kid)).toEqual([now.id, next.id, retiring.id])
        expect(Redacted.value(yield* signer.sign("at+jwt", CLAIMS, retiring.id))).toBe(tokenOf(retiring))

        yield* TestClock.setTime(DateTime.toEpochMillis(UNTIL))
        expect(yield* reasonOf(tokenOf(retiring))).toBe("kid is unknown")
        expect((yield* signer.publicKeys).map((key) => key.kid)).toEqual([now.id, next.id])
        expect(yield* Effect.flip(signer.sign("at+jwt", CLAIMS, retiring.id))).toMatchObject({
          _tag: "TokenInvalid",
          reason: "its key is gone"
        })
      }).pipe(Effect.provide(Layer.provide(layer, withKeys(keys))))
    })
  )
})
