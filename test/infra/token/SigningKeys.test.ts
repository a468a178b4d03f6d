import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Redacted } from "effect"
import { TokenSigner } from "../../../src/domain/token/TokenSigner.ts"
import { layer as databaseLayer } from "../../../src/infra/database/Database.ts"
import { DatabaseSettings } from "../../../src/infra/database/DatabaseSettings.ts"
import { MasterSecret } from "../../../src/infra/secret/MasterSecret.ts"
import { layer as vaultLayer } from "../../../src/infra/secret/Vault.ts"
import { database, SigningKeys } from "../../../src/infra/token/SigningKeys.ts"
import { layer as signerLayer } from "../../../src/infra/token/TokenSigner.ts"

const OURS = "a secret of thirty-two bytes or more"

const temporaryFile = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "keyhole-keys-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
).pipe(Effect.map((path) => join(path, "keyhole.db")))

/** The keys as one process sees them after its start. */
const started = (file: string, secret = OURS) => {
  const stored = Layer.mergeAll(
    Layer.provide(databaseLayer, Layer.succeed(DatabaseSettings, { kind: "sqlite", file })),
    Layer.provide(vaultLayer, Layer.succeed(MasterSecret, { bytes: Redacted.make(new TextEncoder().encode(secret)) }))
  )
  return Layer.build(Layer.fresh(Layer.provideMerge(signerLayer, Layer.provide(database, stored)))).pipe(
    Effect.provide(Logger.layer([]))
  )
}

describe("SigningKeys", () => {
  it.live("are made at the first start, and are the same at every later one", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const ring = (context: Context.Context<SigningKeys>) => Context.get(context, SigningKeys).ring
      const [first, ...others] = yield* ring(yield* started(file))
      expect(others).toEqual([])
      expect(first).toMatchObject({ state: { _tag: "Current" }, jwk: { alg: "RS256", use: "sig" } })
      expect(first?.privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
      const [again, ...more] = yield* ring(yield* started(file))
      expect(more).toEqual([])
      expect(again?.jwk).toEqual(first?.jwk)
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
      const [key] = yield* Effect.scoped(
        Effect.flatMap(started(file), (context) => Context.get(context, SigningKeys).ring)
      )
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
})
