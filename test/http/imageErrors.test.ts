import { randomBytes } from "node:crypto"
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import { Duration, Effect, Exit, Layer, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Bounds, Limits } from "../../src/domain/image/Limits.ts"
import type { Settings } from "../../src/infra/registry/RegistrySettings.ts"
import { limits } from "../domain/image/support/readAll.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { type Http, operator, startHttp } from "../support/http.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { type Image, image, sha256 } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"

const OCI = "application/vnd.oci.image.manifest.v1+json"
const tight = { ...limits, maxBytes: 65_536, maxEntries: 20, maxNames: 300 }

/** A service, and somebody who may do everything there is to do with images. */
interface Served {
  readonly http: Http
  readonly token: string
}

const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let usual: Served
/** Does not wait long for a registry. */
let impatient: Served
/** Has little time for a layer. */
let hasty: Served

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
  const serve = async (settings: Partial<Settings> = {}, bounds: Bounds = tight): Promise<Served> => {
    const client = registries({ ...open(registry.host), retryFor: Duration.zero, ...settings })
    const http = await startHttp(Layer.merge(client, Layer.succeed(Limits, bounds)))
    return { http, token: await operator(http) }
  }
  usual = await serve()
  impatient = await serve({ headersTimeout: Duration.millis(100) })
  hasty = await serve({}, { ...tight, timeout: Duration.millis(100) })
})
afterAll(async () => {
  for (const { http } of [usual, impatient, hasty]) await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

let repositories = 0
const repository = (pushed: Image): string => {
  const name = `team/app-${repositories++}`
  registry.put(name, pushed, "1")
  return name
}

const ask = ({ http, token }: Served, name: string, path: string, query: Readonly<Record<string, string>>) =>
  http.get(`${path}?${new URLSearchParams({ image: `${registry.host}/${name}:1`, ...query }).toString()}`, token)

/** The calls that need a manifest, and what else they need. */
const calls = [
  ["/images/manifest", {}],
  ["/images/files", {}],
  ["/images/file", { path: "/f" }],
  ["/images/layer", { layer: "0" }]
] as const

const tags = ["/images/tags", {}] as const

const whole = () => image([gzipSync(tarball({ name: "f", content: "content" }))])

describe("a registry that gives neither manifest nor tags", () => {
  const answer =
    (status: number, headers: Record<string, string> = {}, body = "") =>
    (_: unknown, response: ServerResponse) =>
      void response.writeHead(status, headers).end(body)

  it.each([
    ["limits its callers", answer(429, { "Retry-After": "45" }), 429, "registry-rate-limited", "limits"],
    ["refuses", answer(403), 403, "registry-denied", "refuses"],
    ["asks for what nobody has", answer(401, { "WWW-Authenticate": "Basic" }), 403, "registry-denied", "refuses"],
    ["does not have it", answer(404), 404, "image-not-found", "no image"],
    ["is broken", answer(500, {}, "secret"), 502, "registry-unreachable", "status 500"],
    ["is a teapot", answer(418), 502, "registry-unreachable", "status 418"],
    ["hangs up", (_: unknown, response: ServerResponse) => response.destroy(), 502, "registry-unreachable", "lost"],
    ["is overtaxed elsewhere", answer(504), 504, "registry-timeout", "in time"],
    ["sends no JSON", answer(200, { "Content-Type": OCI }, "{"), 502, "manifest-invalid", "JSON"],
    [
      "sends another",
      answer(200, { "Docker-Content-Digest": sha256(Buffer.of()) }, "{}"),
      502,
      "manifest-invalid",
      "digest"
    ],
    ["has schema 1", answer(200, {}, '{"schemaVersion":1}'), 422, "manifest-unsupported", "v1+prettyjws"]
  ] as const)("that %s", async (_, respond, status, code, says) => {
    const name = repository(whole())
    registry.on(`${name}/`, respond)
    for (const [path, query] of code.startsWith("manifest") ? calls : [...calls, tags]) {
      const { body, headers } = await ask(usual, name, path, query)
      expect(body, path).toMatchObject({ status, code, detail: expect.stringContaining(says) })
      expect(JSON.stringify(body)).not.toContain("secret")
      expect(headers.get("content-type")).toMatch(/^application\/problem\+json/u)
      expect(headers.get("retry-after")).toBe(status === 429 ? "45" : null)
    }
  })

  it("that never answers", async () => {
    const name = repository(whole())
    registry.on(`${name}/`, () => undefined)
    for (const [path, query] of [...calls, tags]) {
      const { body } = await ask(impatient, name, path, query)
      expect(body, path).toMatchObject({ status: 504, code: "registry-timeout" })
    }
  })
})

describe("an image that cannot be read", () => {
  const config = (bytes: string): Image => {
    const { manifest, layers } = whole()
    const broken = {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: sha256(Buffer.from(bytes)),
      size: bytes.length
    }
    const document = Buffer.from(JSON.stringify({ ...JSON.parse(manifest.bytes.toString()), config: broken }))
    return {
      manifest: { ...manifest, bytes: document, digest: sha256(document), size: document.length },
      config: { ...broken, bytes: Buffer.from(bytes) },
      layers
    }
  }

  it("has a configuration that is none", async () => {
    for (const [path, query] of calls) {
      const { body } = await ask(usual, repository(config("{")), path, query)
      expect(body, path).toMatchObject({
        status: 502,
        code: "manifest-invalid",
        detail: expect.stringContaining("configuration")
      })
    }
  })

  it("has a layer that is compressed as none is here", async () => {
    const xz = image([Buffer.from("fd377a585a0000", "hex")])
    for (const [path, query] of calls.slice(1, 3)) {
      const { body } = await ask(usual, repository(xz), path, query)
      expect(body, path).toMatchObject({
        status: 422,
        code: "layer-unsupported",
        detail: expect.stringContaining("xz")
      })
    }
  })

  it("has a layer that the registry lost", async () => {
    const lost = whole()
    const name = repository(lost)
    registry.on(`${name}/blobs/${lost.layers[0]?.digest}`, (_, response) => response.writeHead(404).end())
    for (const [path, query] of calls.slice(1)) {
      expect((await ask(usual, name, path, query)).body, path).toMatchObject({ status: 404, code: "image-not-found" })
    }
  })

  it.each([
    ["bytes", 65_536, [{ name: "bulk", content: "x".repeat(65_536) }]],
    ["entries", 20, Array.from({ length: 21 }, (_, at) => ({ name: `${at}` }))],
    [
      "names",
      300,
      [{ name: "n".repeat(90) }, { name: "m".repeat(90) }, { name: "o".repeat(90) }, { name: "p".repeat(90) }]
    ]
  ] as const)("crosses the limit of %s", async (limit, value, members) => {
    const name = repository(image([gzipSync(tarball(...members))]))
    for (const [path, query] of calls.slice(1, 3)) {
      const { body } = await ask(usual, name, path, query)
      expect(body, path).toMatchObject({ status: 422, code: "layer-limit-exceeded", limit, value })
      expect(body.detail).toContain(String(value))
    }
  })

  it("breaks off in the midst of a file, and so does the answer", async () => {
    const archive = gzipSync(tarball({ name: "f", content: randomBytes(60_000) }))
    const name = repository(image([archive.subarray(0, archive.length / 2)]))
    const query = new URLSearchParams({ image: `${registry.host}/${name}:1`, path: "/f" }).toString()
    const answer = await fetch(`${usual.http.url}/images/file?${query}`, {
      headers: { authorization: `Bearer ${usual.token}` }
    })
    expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "60000"])
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  it("comes too slowly", async () => {
    const slow = whole()
    const name = repository(slow)
    registry.on(`${name}/blobs/${slow.layers[0]?.digest}`, (_, response) =>
      response.writeHead(200, { "Content-Length": slow.layers[0]?.size }).write("\x1f")
    )
    for (const [path, query] of calls.slice(1)) {
      const { body } = await ask(hasty, name, path, query)
      expect(body, path).toMatchObject({ status: 422, code: "layer-limit-exceeded", limit: "time", value: 100 })
    }
  })
})
