import { randomBytes } from "node:crypto"
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { until } from "../support/until.ts"
import { IMAGE, world } from "./world.ts"

const pushed = image([tarball({ name: "file", content: "content" })])
const OCI = "application/vnd.oci.image.manifest.v1+json"

describe("a registry that means ill", () => {
  it.live("gets nobody to a token server in private space, nor to storage there", () =>
    Effect.gen(function* () {
      const inside = yield* fakeRegistry()
      const lured = yield* world({ auth: "bearer", realm: `http://${inside.host}/token` })
      lured.registry.put(IMAGE, pushed)
      const byRealm = yield* lured.ask("/images/files")
      assert.deepInclude(byRealm.body, { status: 422, code: "registry-not-allowed" })
      assert.include(byRealm.body.detail, inside.host)

      const redirected = yield* world()
      redirected.registry.put(IMAGE, pushed)
      redirected.registry.on("blobs", (_request, response) =>
        response.writeHead(307, { Location: `http://${inside.host}/latest/meta-data?secret=canary` }).end()
      )
      const byRedirect = yield* redirected.ask("/images/files")
      assert.deepInclude(byRedirect.body, { status: 422, code: "registry-not-allowed" })
      assert.notInclude(JSON.stringify(byRedirect.body) + redirected.output(), "canary")
      assert.deepStrictEqual(inside.requests, [])
      yield* redirected.stands
    })
  )

  it.live("is denied what it asks for again and again, after one renewal", () =>
    Effect.gen(function* () {
      const { registry, ask, stands } = yield* world({ auth: "bearer", scope: () => "repository:other:pull" })
      registry.put(IMAGE, pushed)
      registry.on("manifests", (request, response) => registry.answer({ ...request, headers: {} }, response))
      const { body } = yield* ask("/images/files")
      assert.deepInclude(body, { status: 403, code: "registry-denied" })
      assert.isAtMost(registry.requests.length, 6)
      yield* stands
    })
  )

  it.live("cannot fill the memory with a manifest, and is told so", () =>
    Effect.gen(function* () {
      const { registry, ask, peak, stands } = yield* world()
      const piece = Buffer.alloc(1024 * 1024, " ")
      registry.on("manifests", (_request, response) => {
        response.writeHead(200, { "Content-Type": OCI })
        const pour = () => {
          while (!response.destroyed && response.write(piece));
        }
        response.on("drain", pour)
        pour()
      })
      const before = peak()
      const { body } = yield* ask("/images/files")
      assert.deepInclude(body, { status: 502, code: "manifest-invalid" })
      assert.isBelow(peak() - before, 64 * 1024 * 1024)
      yield* stands
    })
  )

  it.live("keeps nobody waiting with a manifest or tags of millions of nothings, and is told so", () =>
    Effect.gen(function* () {
      const { registry, ask, stands } = yield* world()
      const nothings = `[${"{},".repeat(1_300_000)}{}]`
      registry.on("manifests", (_request, response) =>
        response
          .writeHead(200, { "Content-Type": OCI })
          .end(`{"schemaVersion":2,"layers":[],"annotations":${nothings}}`)
      )
      for (const look of ["/images/manifest", "/images/files"]) {
        const { body } = yield* ask(look)
        assert.deepInclude(body, { status: 502, code: "manifest-invalid" })
        assert.include(body.detail, "it holds more than 65536 values")
      }
      registry.on("tags", (_request, response) => response.end(`{"tags":["1"],"more":${nothings}}`))
      assert.deepInclude((yield* ask("/images/tags")).body, { status: 502, code: "registry-unreachable" })
      yield* stands
    })
  )

  it.live("cannot fill the memory with pieces of one byte, of a manifest or of a layer, and is told so", () =>
    Effect.gen(function* () {
      const { registry, ask, peak, stands } = yield* world()
      registry.put(IMAGE, pushed)
      const crumbs = Buffer.from("1\r\n \r\n".repeat(10_000))
      const crumble = (_request: unknown, response: ServerResponse) => {
        response.writeHead(200, { "Content-Type": OCI })
        response.flushHeaders()
        for (let sent = 0; sent < 30; sent++) response.socket?.write(crumbs)
        response.socket?.write("0\r\n\r\n")
      }
      const before = peak()
      registry.on("manifests", crumble, 1)
      assert.deepInclude((yield* ask("/images/files")).body, { status: 502, code: "manifest-invalid" })
      registry.on(pushed.layers[0]?.digest ?? "", crumble, 1)
      assert.deepInclude((yield* ask("/images/files")).body, { status: 502, code: "layer-corrupt" })
      assert.isBelow(peak() - before, 64 * 1024 * 1024)
      yield* stands
    })
  )

  it.live("has its layer called corrupt when it is cut short, too long, or another one", () =>
    Effect.gen(function* () {
      const { registry, ask, stands } = yield* world()
      registry.put(IMAGE, pushed)
      const [layer] = pushed.layers
      assert(layer !== undefined)
      const { bytes, digest } = layer
      const other = Buffer.from(bytes)
      other[0] = 0x67
      for (const wrong of [bytes.subarray(0, 700), Buffer.concat([bytes, Buffer.alloc(512)]), other]) {
        registry.on(digest, (_request, response) => response.end(wrong), 1)
        const { body } = yield* ask("/images/files")
        assert.deepInclude(body, { status: 502, code: "layer-corrupt" })
      }
      assert.strictEqual((yield* ask("/images/files")).status, 200)
      yield* stands
    })
  )

  it.live("breaks off in the midst of a file: so does the answer, and the log speaks of no error of ours", () =>
    Effect.gen(function* () {
      const { registry, url, token, output, stands } = yield* world({})
      const archive = gzipSync(tarball({ name: "file", content: randomBytes(300_000) }))
      registry.put(IMAGE, image([archive.subarray(0, archive.length / 2)]))
      const answer = yield* Effect.promise(() =>
        fetch(`${url}/images/file?image=${registry.host}/${IMAGE}&path=/file`, {
          headers: { authorization: `Bearer ${token}` }
        })
      )
      assert.deepStrictEqual([answer.status, answer.headers.get("content-length")], [200, "300000"])
      assert.isUndefined(yield* Effect.promise(() => answer.bytes().catch(() => undefined)))
      yield* Effect.promise(() => until(() => output().includes("an answer was cut off")))
      yield* stands
    })
  )
})
