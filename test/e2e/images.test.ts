import { createHash } from "node:crypto"
import { lstatSync, readFileSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { expect } from "vitest"
import { ada } from "../support/ada.ts"
import { realRegistry } from "../support/registry/real.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { type Answer, type Rest, rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"
import { makeImage, type RealImage, type Truth, truthOfLayer, truthOfTree } from "./realImage.ts"

/** A service, somebody who is signed in to it, and an image in a real registry. */
class World extends Context.Service<
  World,
  { readonly api: Rest; readonly token: string; readonly name: string; readonly image: RealImage }
>()("keyhole/test/World") {}

const world = Layer.effect(
  World,
  Effect.gen(function* () {
    const registry = yield* realRegistry()
    const folder = yield* temporaryFolder
    const image = makeImage(folder)
    yield* registry.push(`oci:${image.layout}:v1`, "team/app:v1")
    const service = yield* Effect.acquireRelease(
      Effect.promise(() =>
        startService({
          KEYHOLE_DATA_DIR: join(folder, "data"),
          KEYHOLE_REGISTRY_PRIVATE: registry.host,
          KEYHOLE_REGISTRY_INSECURE: registry.host
        })
      ),
      ({ end }) => Effect.promise(() => end("SIGTERM"))
    )
    const api = rest(service.url)
    const { body } = yield* Effect.promise(() => api.post("/auth/register", ada))
    return { api, token: body.access_token, name: `${registry.host}/team/app:v1`, image }
  })
)

type Query = Readonly<Record<string, string>>

/** Asks for something of the image, as the signed-in user. */
const ask = Effect.fnUntraced(function* (path: string, query: Query = {}, headers: Record<string, string> = {}) {
  const { api, token, name } = yield* World
  const search = new URLSearchParams({ image: name, ...query })
  return yield* Effect.promise(() => api.get(`${path}?${search.toString()}`, token, headers))
})

/** Carved bytes come as they are. */
const carve = Effect.fnUntraced(function* (path: string, query: Query = {}) {
  const { api, token, name } = yield* World
  const search = new URLSearchParams({ image: name, path, ...query })
  return yield* Effect.promise(() => api.download(`/images/file?${search.toString()}`, token))
})

interface Entry {
  readonly path: string
  readonly type: Truth["type"]
  readonly mode: number
  readonly size: number
  readonly link?: string
}

const byPath = <E extends { readonly path: string }>(entries: ReadonlyArray<E>) =>
  entries.toSorted((one, other) => (one.path < other.path ? -1 : 1))

/** What an unpacked tree can tell of an entry: hard links are files there, with the size of what they share. */
const asTree = ({ path, type, mode, size, link }: Entry): Truth => ({
  path,
  type: type === "hardlink" ? "file" : type,
  mode,
  size,
  link: type === "symlink" ? (link ?? null) : null
})

/** What `tar -tv` tells of an entry: a hard link's target without the leading slash. */
const asArchive = ({ path, type, mode, size, link }: Entry): Truth => ({
  path,
  type,
  mode,
  size,
  link: type === "hardlink" ? (link ?? "").slice(1) : (link ?? null)
})

layer(world, { timeout: "2 minutes", excludeTestServices: true })("an image in a real registry", (it) => {
  it.effect("tells its tags and its manifest", () =>
    Effect.gen(function* () {
      const { image } = yield* World
      assert.deepStrictEqual((yield* ask("/images/tags")).body.tags, ["v1"])
      const { status, body } = yield* ask("/images/manifest")
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(
        body.layers.map((each: { digest: string }) => each.digest),
        image.blobs.map((blob) => blob.digest)
      )
      assert.deepStrictEqual(body.platforms, ["linux/amd64"])
    })
  )

  it.effect("lists as one tree exactly what unpacking it gives, entry by entry", () =>
    Effect.gen(function* () {
      const { image } = yield* World
      const { status, body } = yield* ask("/images/files")
      assert.strictEqual(status, 200)
      assert.isTrue(body.complete)
      const listed = body.entries.filter((entry: Entry) => entry.path !== "/").map(asTree)
      assert.deepStrictEqual(byPath(listed), byPath(truthOfTree(image.rootfs)))
    })
  )

  it.effect("lists the same as NDJSON, and the same files as ls -la", () =>
    Effect.gen(function* () {
      const whole = yield* ask("/images/files")
      const lines = (yield* ask("/images/files", {}, { accept: "application/x-ndjson" })).body.trimEnd().split("\n")
      const parsed = lines.map((line: string) => JSON.parse(line))
      assert.deepStrictEqual(byPath(parsed.slice(0, -1)), byPath(whole.body.entries))
      assert.strictEqual(parsed.at(-1).summary.digest, whole.body.digest)
      const text = (yield* ask("/images/files", {}, { accept: "text/plain" })).body.trimEnd().split("\n")
      for (const { path } of whole.body.entries)
        expect(text.some((line: string) => line.includes(path.slice(1)))).toBe(true)
    })
  )

  it.effect("lists each layer exactly as tar does, whiteouts named for what they hide", () =>
    Effect.gen(function* () {
      const { image } = yield* World
      for (const [index, blob] of image.blobs.entries()) {
        const { body } = yield* ask("/images/files", { layer: String(index) })
        const truth = truthOfLayer(blob.file).filter((entry) => entry.path !== "/")
        const shown = body.entries.map((entry: Entry & { whiteout?: string }) => {
          const folder = entry.path.slice(0, entry.path.lastIndexOf("/"))
          const name = entry.path.slice(folder.length + 1)
          if (entry.whiteout === "opaque") return { ...asArchive(entry), path: `${entry.path}/.wh..wh..opq` }
          return entry.whiteout === "file" ? { ...asArchive(entry), path: `${folder}/.wh.${name}` } : asArchive(entry)
        })
        assert.deepStrictEqual(byPath(shown), byPath(truth))
        assert.deepStrictEqual((yield* ask("/images/files", { layer: blob.digest })).body.entries, body.entries)
      }
    })
  )

  it.effect("gives every file's bytes, through hard and symbolic links", () =>
    Effect.gen(function* () {
      const { image } = yield* World
      for (const { path, type } of truthOfTree(image.rootfs)) {
        if (type !== "file") continue
        const carved = yield* carve(path)
        assert.strictEqual(carved.status, 200, path)
        assert.isTrue(readFileSync(join(image.rootfs, path)).equals(carved.bytes), path)
        assert.strictEqual(carved.headers.get("content-length"), String(lstatSync(join(image.rootfs, path)).size))
      }
      const shell = yield* carve("/bin/sh")
      assert.strictEqual(shell.headers.get("keyhole-layer"), image.blobs[0]?.digest)
      assert.isTrue(readFileSync(join(image.rootfs, "usr/bin/sh")).equals(shell.bytes))
      const relative = realpathSync(join(image.rootfs, "etc/passwd"))
      assert.isTrue(readFileSync(relative).equals((yield* carve("/home/ada/absolute")).bytes))
    })
  )

  it.effect("says why there is no such file", () =>
    Effect.gen(function* () {
      const why = (answer: Answer) => ({ status: answer.status, code: answer.body.code, layer: answer.body.layer })
      const file = (path: string) => Effect.map(ask("/images/file", { path }), why)
      assert.deepInclude(yield* file("/etc/shadow"), { status: 404, code: "file-not-found" })
      assert.deepInclude(yield* file("/etc/motd"), { status: 404, code: "file-deleted", layer: 1 })
      assert.deepInclude(yield* file("/var/replaced/inside"), { status: 404, code: "file-deleted" })
      assert.deepInclude(yield* file("/opt/data/old"), { status: 404, code: "file-deleted", layer: 3 })
      assert.deepInclude(yield* file("/home/ada/dangling"), { status: 404, code: "link-dangling" })
      assert.deepInclude(yield* file("/home/ada"), { status: 409, code: "not-a-file" })
    })
  )

  it.effect("keeps one subtree when a path is given", () =>
    Effect.gen(function* () {
      const { body } = yield* ask("/images/files", { path: "/home/ada" })
      assert.isAbove(body.entries.length, 3)
      for (const { path } of body.entries) assert.match(path, /^\/home\/ada(\/|$)/u)
    })
  )

  it.effect("is read by digest too, and its digest is the manifest's", () =>
    Effect.gen(function* () {
      const { name, image } = yield* World
      const { body } = yield* ask("/images/manifest")
      const byDigest = yield* ask("/images/files", { image: name.replace(/:v1$/u, `@${body.digest}`) })
      assert.strictEqual(byDigest.body.digest, body.digest)
      const manifest = readFileSync(join(image.layout, "blobs", body.digest.replace(":", "/")))
      assert.strictEqual(body.digest, `sha256:${createHash("sha256").update(manifest).digest("hex")}`)
    })
  )

  it.effect("is nobody's without a token", () =>
    Effect.gen(function* () {
      const { api, name } = yield* World
      const answer = yield* Effect.promise(() => api.get(`/images/files?image=${encodeURIComponent(name)}`))
      assert.deepInclude(answer.body, { status: 401, code: "token-missing" })
    })
  )
})
