import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import { parseImageConfig } from "../../../src/domain/registry/ImageConfig.ts"
import { parseManifest } from "../../../src/domain/registry/Manifest.ts"
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
})
