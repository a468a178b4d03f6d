import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result, Stream } from "effect"
import { nothingKnown } from "../../../src/domain/image/KnownBlobs.ts"
import { carve } from "../../../src/domain/image/carve.ts"
import { parseImageConfig } from "../../../src/domain/registry/ImageConfig.ts"
import { parseManifest } from "../../../src/domain/registry/Manifest.ts"
import { parse } from "../../../src/domain/registry/Reference.ts"
import * as nativeDecoder from "../../../src/infra/layer/nativeDecoder.ts"
import { tarball } from "../../domain/image/support/tarball.ts"
import { image, sha256 } from "../../support/registry/layout.ts"
import { realRegistry } from "../../support/registry/real.ts"
import { client, open, openSession } from "../../support/registry/session.ts"

const pushed = image([gzipSync(Buffer.alloc(300_000, "lower")), gzipSync(Buffer.from("upper"))], {
  config: { Env: ["A=B"], Cmd: null }
})

const readImage = Effect.fnUntraced(function* (name: string) {
  const session = yield* openSession(name)
  const document = yield* session.manifest("1.0")
  assert.strictEqual(document.digest, pushed.manifest.digest)
  const manifest = yield* Effect.fromResult(parseManifest(document))
  assert(manifest._tag === "Manifest")
  const blobs = yield* Effect.forEach([manifest.config, ...manifest.layers], (descriptor) =>
    Effect.map(Stream.runCollect(session.blob(descriptor)), (chunks) => Buffer.concat(chunks))
  )
  assert.deepStrictEqual(
    blobs.map(sha256),
    [pushed.config, ...pushed.layers].map(({ digest }) => digest)
  )
  const config = Result.getOrThrow(parseImageConfig(blobs[0] ?? new Uint8Array()))
  assert.deepStrictEqual(config.env, ["A=B"])
  assert.deepStrictEqual(yield* session.tags({}), { tags: ["1.0"] })
  assert.strictEqual(
    yield* session.bytesFetched,
    blobs.reduce((sum, bytes) => sum + bytes.length, 0)
  )
})

describe("against Debian's docker-registry", () => {
  it.live("an image's manifest, configuration, layers and tags are read as they were pushed", () =>
    Effect.gen(function* () {
      const registry = yield* realRegistry()
      yield* registry.pushImage(pushed, "team/app:1.0")
      yield* readImage(`${registry.host}/team/app:1.0`).pipe(Effect.provide(client(open(registry.host))))
    })
  )

  it.live("the same where every request needs a token, asked for with leave to pull and nothing else", () =>
    Effect.gen(function* () {
      const registry = yield* realRegistry({ auth: "token" })
      const { tokens } = registry
      assert(tokens !== undefined)
      yield* registry.pushImage(pushed, "team/app:1.0")
      const before = tokens.asked.length
      yield* readImage(`${registry.host}/team/app:1.0`).pipe(
        Effect.provide(client(open(registry.host, new URL(tokens.realm).host)))
      )
      const asked = tokens.asked.slice(before)
      assert.deepStrictEqual(
        asked.map((url) => url.searchParams.getAll("scope")),
        [["repository:team/app:pull"]]
      )
    })
  )

  it.live(
    "a file near the start of a layer of 120 MB is carved for less than half a megabyte, the last one for all of it",
    () =>
      Effect.gen(function* () {
        const bulk = { name: "bulk", content: randomBytes(120_000_000) }
        const layer = tarball({ name: "first", content: "near" }, bulk, { name: "last", content: "far" })
        const registry = yield* realRegistry()
        yield* registry.pushImage(image([layer]), "team/app:1.0")
        const reference = Result.getOrThrow(parse(`${registry.host}/team/app:1.0`))
        const cut = (path: string) =>
          Effect.gen(function* () {
            const { content, bytesFetched } = yield* carve({ reference, path })
            const text = yield* Stream.mkString(Stream.decodeText(content))
            return { text, fetched: yield* bytesFetched }
          }).pipe(
            Effect.scoped,
            Effect.provide(Layer.mergeAll(client(open(registry.host)), nativeDecoder.layer, nothingKnown))
          )
        const near = yield* cut("/first")
        assert.strictEqual(near.text, "near")
        assert.isBelow(near.fetched, 500_000)
        const far = yield* cut("/last")
        assert.strictEqual(far.text, "far")
        assert.isBelow(far.fetched, layer.length + 10_000)
      })
  )
})
