import { createGzip, createZstdCompress } from "node:zlib"
import { existsSync } from "node:fs"
import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { image } from "../support/registry/layout.ts"
import { header, tarball } from "../domain/image/support/tarball.ts"
import { IMAGE, world } from "./world.ts"

const MiB = 1024 * 1024

/** A file of zeros, a thousand times as long as what it is compressed to. */
const bomb = (size: number, compress: () => NodeJS.ReadWriteStream): Promise<Buffer> => {
  const zeros = Buffer.alloc(MiB)
  const archive = function* () {
    yield header({ name: "bomb", size })
    for (let made = 0; made < size; made += MiB) yield zeros
  }
  return buffer(Readable.from(archive()).pipe(compress()))
}

describe("an archive that means ill", () => {
  it.live("explodes up to the limit and no further, and memory does not notice", () =>
    Effect.gen(function* () {
      const { registry, ask, peak, stands } = yield* world({}, { KEYHOLE_LAYER_MAX_BYTES: "256 MiB" })
      for (const compress of [createGzip, createZstdCompress]) {
        const layer = yield* Effect.promise(() => bomb(1024 * MiB, compress))
        assert.isAbove((1024 * MiB) / layer.length, 900)
        registry.put(IMAGE, image([layer]))
        const before = peak()
        const listed = yield* ask("/images/files")
        assert.deepInclude(listed.body, { status: 422, code: "layer-limit-exceeded" })
        assert.isBelow(peak() - before, 100 * MiB)
        assert.deepInclude((yield* ask("/images/file", { path: "/missing" })).body, { code: "layer-limit-exceeded" })
      }
      yield* stands
    })
  )

  it.live("has names that lead nowhere but into the image", () =>
    Effect.gen(function* () {
      const { registry, ask, stands } = yield* world()
      const target = "/tmp/keyhole-hostile-was-here"
      registry.put(
        IMAGE,
        image([
          tarball(
            { name: `../../../..${target}`, content: "out" },
            { name: "up", type: "2", link: "../../../../../../etc/passwd" },
            { name: "a/../../b", content: "b" },
            { name: "line\nbreak\r\nSet-Cookie: x=1", content: "header" }
          )
        ])
      )
      const { body } = yield* ask("/images/files")
      assert.deepStrictEqual(
        body.entries.map(({ path }: { readonly path: string }) => path),
        [target, "/up", "/b", "/line\nbreak\r\nSet-Cookie: x=1"].toSorted()
      )
      assert.isFalse(existsSync(target))
      // The link means the image's own /etc/passwd, and there is none.
      assert.deepInclude((yield* ask("/images/file", { path: "/up" })).body, { status: 404, code: "link-dangling" })
      const broken = yield* ask("/images/file", { path: "/line\nbreak\r\nSet-Cookie: x=1" })
      assert.strictEqual(broken.body, "header")
      assert.isNull(broken.headers.get("set-cookie"))
      yield* stands
    })
  )
})
