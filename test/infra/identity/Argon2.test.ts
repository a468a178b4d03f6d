import { hash as argon2Hash } from "@node-rs/argon2"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Layer, Logger, Redacted } from "effect"
import { PasswordHash, PasswordHasher } from "../../../src/domain/identity/PasswordHasher.ts"
import { layer } from "../../../src/infra/identity/Argon2.ts"
import { Argon2Settings } from "../../../src/infra/identity/Argon2Settings.ts"

const SETTINGS = { memoryKiB: 2048, time: 2, concurrency: 2, queue: 4 }
const withSettings = (settings: Partial<Argon2Settings["Service"]> = {}) =>
  Effect.provide(Layer.provide(layer, Layer.succeed(Argon2Settings, { ...SETTINGS, ...settings })))

const password = Redacted.make("correct horse battery staple")
const stored = (phc: string) => PasswordHash.make(Redacted.make(phc))
const verify = (phc: string) => PasswordHasher.use((hasher) => hasher.verify(password, stored(phc)))
const SALT_AND_HASH = "c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObG4Xk1n9hXn1g"

describe("Argon2", () => {
  it.live("matches the password a hash was made from and no other, and salts each anew", () =>
    Effect.gen(function* () {
      const hasher = yield* PasswordHasher
      const hash = yield* hasher.hash(password)
      expect(Redacted.value(hash)).toMatch(/^\$argon2id\$v=19\$m=2048,t=2,p=1\$/u)
      expect(Redacted.value(yield* hasher.hash(password))).not.toBe(Redacted.value(hash))
      expect(yield* hasher.verify(password, hash)).toEqual({ matches: true, outdated: false })
      const other = Redacted.make("correct horse battery stapld")
      expect(yield* hasher.verify(other, hash)).toEqual({ matches: false, outdated: false })
    }).pipe(withSettings())
  )

  it.live("tells passwords apart that differ only in byte 73, or after a NUL", () =>
    Effect.gen(function* () {
      const hasher = yield* PasswordHasher
      for (const prefix of ["x".repeat(72), "before\u0000after the NUL "]) {
        const hash = yield* hasher.hash(Redacted.make(`${prefix}a`))
        expect((yield* hasher.verify(Redacted.make(`${prefix}b`), hash)).matches).toBe(false)
      }
    }).pipe(withSettings())
  )

  it.live("says that a hash with weaker parameters than today's is outdated, and that a stronger one is not", () =>
    Effect.gen(function* () {
      const text = Redacted.value(password)
      const made = (options: Parameters<typeof argon2Hash>[1]) => Effect.promise(() => argon2Hash(text, options))
      const weaker = [
        { memoryCost: 1024, timeCost: 2 },
        { memoryCost: 2048, timeCost: 1 },
        { memoryCost: 2048, timeCost: 2, algorithm: 1 },
        { memoryCost: 2048, timeCost: 2, outputLen: 16 }
      ]
      for (const options of weaker) {
        expect(yield* verify(yield* made(options)), JSON.stringify(options)).toEqual({ matches: true, outdated: true })
      }
      expect(yield* verify(yield* made({ memoryCost: 4096, timeCost: 3 }))).toEqual({ matches: true, outdated: false })
    }).pipe(withSettings())
  )

  it.live("refuses a stored hash that is malformed or demands too much, without doing its work", () =>
    Effect.gen(function* () {
      const refused = [
        "",
        "not a hash",
        "$2b$31$abcdefghijklmnopqrstuuE1pTyZ4L8QqfVCQYbyJQhjq7vYJmJbK",
        `$argon2id$v=19$m=4194304,t=1,p=1$${SALT_AND_HASH}`,
        `$argon2id$v=19$m=262144,t=100000,p=1$${SALT_AND_HASH}`,
        `$argon2id$v=19$m=2048,t=4294967295,p=1$${SALT_AND_HASH}`,
        `$argon2id$v=19$m=65536,t=2,p=255$${SALT_AND_HASH}`
      ]
      for (const phc of refused) {
        const [elapsed, answer] = yield* Effect.timed(verify(phc))
        expect(answer, phc).toEqual({ matches: false, outdated: false })
        expect(Duration.toMillis(elapsed), phc).toBeLessThan(500)
      }
    }).pipe(withSettings(), Effect.provide(Logger.layer([])))
  )

  it.live("spends as long on nobody's password as on a wrong one", () =>
    Effect.gen(function* () {
      const hasher = yield* PasswordHasher
      const hash = yield* hasher.hash(password)
      const wrong = Redacted.make("a wrong password, long enough")
      const timed = Effect.fnUntraced(function* (work: Effect.Effect<unknown, unknown>) {
        const start = performance.now()
        yield* Effect.orDie(work)
        return performance.now() - start
      })
      // By turns, and the shortest of each: a busy machine makes some longer, and none shorter.
      let [real, nobody] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
      for (let round = 0; round < 21; round++) {
        real = Math.min(real, yield* timed(hasher.verify(wrong, hash)))
        nobody = Math.min(nobody, yield* timed(hasher.verifyNothing(wrong)))
      }
      expect(nobody / real).toBeGreaterThan(0.5)
      expect(nobody / real).toBeLessThan(2)
    }).pipe(withSettings({ memoryKiB: 19_456 }))
  )

  it.live("turns away whom it cannot serve soon, and serves the others", () =>
    Effect.gen(function* () {
      const hasher = yield* PasswordHasher
      const results = yield* Effect.all(
        Array.from({ length: 20 }, () => Effect.result(hasher.hash(password))),
        { concurrency: "unbounded" }
      )
      const refused = results.flatMap((result) => (result._tag === "Failure" ? [result.failure] : []))
      expect(refused.length).toBe(20 - SETTINGS.concurrency - SETTINGS.queue)
      for (const error of refused) {
        expect(error._tag).toBe("Overloaded")
        expect(error.retryAfter).toBeGreaterThanOrEqual(1)
      }
      yield* hasher.hash(password)
    }).pipe(withSettings())
  )
})
