import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Layer, Logger, Option, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Client } from "../../../src/domain/Client.ts"
import { KeySettings } from "../../../src/domain/key/KeySettings.ts"
import { PUBLISHED_AHEAD } from "../../../src/domain/key/keyRotation.ts"
import { rotateKeys } from "../../../src/domain/key/rotateKeys.ts"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { TokenSigner } from "../../../src/domain/token/TokenSigner.ts"
import { ChangeFeed } from "../../../src/infra/change/ChangeFeed.ts"
import * as KeyStore from "../../../src/infra/key/KeyStore.ts"
import { database, SigningKeys } from "../../../src/infra/key/SigningKeys.ts"
import { layer as signerLayer } from "../../../src/infra/token/TokenSigner.ts"
import { at } from "../../support/database.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"
import { over } from "../../support/useCases.ts"
import { vaultUnder } from "../../support/vault.ts"

const OURS = "a secret of thirty-two bytes or more"
const operator = new Client({ ipAddress: null, userAgent: null })
const OFTEN = Duration.days(30)

const temporaryFile = Effect.map(temporaryFolder, (folder) => join(folder, "keyhole.db"))

/** A process after its start; `feed` may take the place of its feed of changes. */
const started = (file: string, secret = OURS, feed?: Layer.Layer<ChangeFeed, never, ChangeFeed>) => {
  const useCases = Layer.merge(over(at(file)), Layer.succeed(KeySettings, { rotateEvery: Option.some(OFTEN) }))
  const stored = Layer.provideMerge(KeyStore.layer, Layer.merge(useCases, vaultUnder(secret)))
  const surroundings = feed === undefined ? stored : Layer.provideMerge(feed, stored)
  return Layer.build(
    Layer.fresh(signerLayer.pipe(Layer.provideMerge(database), Layer.provideMerge(surroundings)))
  ).pipe(Effect.provide(Logger.layer([])))
}

const pause = Effect.promise(() => setImmediate())

const ringOf = (context: Context.Context<SigningKeys>) =>
  Effect.map(Context.get(context, SigningKeys).known, ({ ring }) => ring)
const statesOf = (context: Context.Context<SigningKeys>) =>
  Effect.map(ringOf(context), (ring) => ring.map(({ state }) => state._tag))
const signed = Effect.fnUntraced(function* (context: Context.Context<TokenSigner>) {
  const signer = Context.get(context, TokenSigner)
  return yield* signer.sign("at+jwt", { sub: "ada" }, yield* signer.currentKey)
})

describe("SigningKeys", () => {
  it.live("are made at the first start, and are the same at every later one", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const [first, next, ...others] = yield* ringOf(yield* started(file))
      expect(others).toEqual([])
      expect(next).toMatchObject({ state: { _tag: "Next" }, jwk: { alg: "RS256", use: "sig" } })
      expect(first).toMatchObject({ state: { _tag: "Current" }, jwk: { alg: "RS256", use: "sig" } })
      expect(first?.privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
      const again = yield* ringOf(yield* started(file))
      expect(again.map(({ jwk }) => jwk)).toEqual([first?.jwk, next?.jwk])
    })
  )

  it.live("are one and the same for processes that start at once, whose tokens each accepts", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const processes = yield* Effect.all([started(file), started(file), started(file)], { concurrency: "unbounded" })
      const signers = processes.map((context) => Context.get(context, TokenSigner))
      for (const signer of signers) {
        const token = yield* signer.sign("at+jwt", { sub: "ada" }, yield* signer.currentKey)
        for (const other of signers) expect((yield* other.open(token)).claims).toEqual({ sub: "ada" })
      }
    })
  )

  it.live("of a database whose secret was another stop the start, saying so", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      yield* Effect.scoped(started(file))
      expect(yield* Effect.flip(started(file, "another secret of thirty-two bytes"))).toMatchObject({
        _tag: "SigningKeysUnusable",
        message:
          "The signing keys in the database were encrypted with another secret than KEYHOLE_SECRET or, where that is not set, " +
          "the file `secret` in the data directory. Start with that one."
      })
    })
  )

  it.live("are not to be found in the database's file", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const [key] = yield* Effect.scoped(Effect.flatMap(started(file), ringOf))
      const bytes = yield* Effect.promise(() => readFile(file))
      const jwk = key?.privateKey.export({ format: "jwk" })
      expect(bytes.includes(jwk?.n ?? "?"), "the public half is there").toBe(true)
      for (const part of [jwk?.d, jwk?.p, jwk?.q]) {
        expect(bytes.includes(part ?? "")).toBe(false)
        expect(bytes.includes(Buffer.from(part ?? "", "base64url"))).toBe(false)
      }
      expect(bytes.includes("MIIE")).toBe(false)
    })
  )

  it.effect("are followed by every process at once, whoever changed them: also where the token was opened before", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const [here, there] = [yield* started(file), yield* started(file)]
      const before = yield* signed(here)
      yield* Effect.provide(rotateKeys({ _tag: "Rotate" }, operator), there)
      const [old, current] = yield* ringOf(here)
      expect(yield* statesOf(here)).toEqual(["Retiring", "Current", "Next"])
      const signer = Context.get(here, TokenSigner)
      expect(yield* signer.currentKey).toBe(current?.id)
      expect((yield* signer.open(before)).claims).toEqual({ sub: "ada" })

      const after = yield* signed(here)
      for (const context of [here, there]) {
        expect((yield* Context.get(context, TokenSigner).open(after)).claims).toEqual({ sub: "ada" })
      }
      yield* Effect.provide(rotateKeys({ _tag: "Drop", key: "current" }, operator), there)
      expect(yield* Effect.flip(signer.open(after))).toMatchObject({ _tag: "TokenInvalid", reason: "kid is unknown" })
      expect((yield* signer.open(before)).claims).toEqual({ sub: "ada" })
      expect((yield* ringOf(here)).map(({ id }) => id)).toEqual([old?.id, expect.any(String), expect.any(String)])
    })
  )

  it.effect("take turns by the schedule; the old one retires, and is gone in the end with its private half", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const start = yield* DateTime.now
      const [first, second] = yield* Effect.scoped(Effect.flatMap(started(file), ringOf))
      const timeIs = (time: Duration.Duration) =>
        TestClock.setTime(DateTime.toEpochMillis(DateTime.addDuration(start, time)))

      yield* timeIs(Duration.subtract(OFTEN, Duration.seconds(30)))
      const retiring = yield* Effect.scoped(
        Effect.gen(function* () {
          const service = yield* started(file)
          expect(yield* statesOf(service)).toEqual(["Current", "Next"])
          yield* TestClock.adjust(Duration.minutes(1))
          // Making a key takes real time.
          return yield* Effect.andThen(pause, ringOf(service)).pipe(
            Effect.repeat({ until: (ring) => ring.length === 3 })
          )
        })
      )
      expect(retiring.map(({ id, state }) => [id, state._tag])).toEqual([
        [first?.id, "Retiring"],
        [second?.id, "Current"],
        [expect.any(String), "Next"]
      ])

      yield* timeIs(Duration.sum(OFTEN, Duration.days(8)))
      const left = yield* Effect.scoped(Effect.flatMap(started(file), ringOf))
      expect(left.map(({ id }) => id)).toEqual([second?.id, retiring[2]?.id])
    })
  )

  it.effect("stay as they were while the database is lost: what they signed is opened, of others nothing is said", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const isLost = yield* Ref.make(false)
      const failing = Layer.effect(
        ChangeFeed,
        Effect.map(ChangeFeed, (feed) => ({
          ...feed,
          current: Effect.flatMap(Ref.get(isLost), (lost) =>
            lost ? Effect.fail(new StorageUnavailable({ store: "database", cause: "lost" })) : feed.current
          )
        }))
      )
      const here = yield* started(file, OURS, failing)
      const there = yield* started(file)
      const token = yield* signed(here)
      yield* Ref.set(isLost, true)
      yield* Effect.provide(rotateKeys({ _tag: "Drop", key: "current" }, operator), there)
      yield* TestClock.adjust(PUBLISHED_AHEAD)
      yield* Effect.provide(rotateKeys({ _tag: "Rotate" }, operator), there)

      const signer = Context.get(here, TokenSigner)
      expect((yield* signer.open(token)).claims).toEqual({ sub: "ada" })
      expect(yield* signer.publicKeys).toHaveLength(2)
      const unheardOf = yield* signed(there)
      expect(yield* Effect.flip(signer.open(unheardOf))).toMatchObject({ _tag: "StorageUnavailable" })

      yield* Ref.set(isLost, false)
      expect((yield* signer.open(unheardOf)).claims).toEqual({ sub: "ada" })
      expect(yield* Effect.flip(signer.open(token))).toMatchObject({ _tag: "TokenInvalid" })
    })
  )

  it.effect("are read once, however many ask at once", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const here = yield* started(file)
      yield* Effect.provide(rotateKeys({ _tag: "Rotate" }, operator), yield* started(file))
      const rings = yield* Effect.all(
        Array.from({ length: 50 }, () => ringOf(here)),
        { concurrency: "unbounded" }
      )
      expect(new Set(rings).size).toBe(1)
      expect(rings[0]).toHaveLength(3)
    })
  )
})
