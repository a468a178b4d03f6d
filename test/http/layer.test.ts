import { randomBytes } from "node:crypto"
import type { ServerResponse } from "node:http"
import { get as plainGet } from "node:http"
import { setTimeout as pause } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { Effect, Exit, Layer, Scope } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import type { SecurityEvent } from "../../src/domain/event/SecurityEvent.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { type Blob, type Image, image } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"
import { type Http, newcomer, operator, startHttp } from "../support/http.ts"

const small = gzipSync(tarball({ name: "etc/motd", content: "welcome" }))
const big = randomBytes(3_000_000)
const app = image([small, big])

const scope = Scope.makeUnsafe()
const events: Array<SecurityEvent> = []
/** What is noted late is the trail of an earlier test: each has an agent of its own. */
let agent = ""
let tests = 0
let registry: FakeRegistry
let http: Http
let token: string

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry({ auth: "bearer" }), scope))
  registry.put("team/app", app, "1")
  const trail = Layer.succeed(EventLog, {
    append: (event) =>
      Effect.sync(() => {
        if (event.userAgent === agent) events.push(event)
      }),
    page: () => Effect.succeed(events)
  })
  http = await startHttp(Layer.merge(registries(open(registry.host)), trail))
  token = await operator(http)
})
afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})
beforeEach(() => {
  events.length = 0
  agent = `test ${tests++}`
})

const path = (layer: string, name = "team/app:1") =>
  `/images/layer?${new URLSearchParams({ image: `${registry.host}/${name}`, layer }).toString()}`
const download = (layer: string, name?: string) => http.download(path(layer, name), token, { "user-agent": agent })

const blobOf = ({ layers }: Image, index: number): Blob => {
  const blob = layers[index]
  if (blob === undefined) throw new Error(`there is no layer ${index}`)
  return blob
}

const until = async (condition: () => boolean) => {
  const deadline = Date.now() + 5000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("it did not come true in time")
    await pause(2)
  }
}

/** What a client sees that counts for itself: how much was promised, how much came, and whether it came to its end. */
const count = (url: string) =>
  new Promise<{ readonly promised: number; readonly received: number; readonly whole: boolean }>((resolve, reject) => {
    plainGet(url, { headers: { authorization: `Bearer ${token}`, "user-agent": agent } }, (response) => {
      let received = 0
      response.on("data", (chunk: Buffer) => {
        received += chunk.length
      })
      response.on("error", () => undefined)
      response.on("close", () =>
        resolve({ promised: Number(response.headers["content-length"]), received, whole: response.complete })
      )
    }).on("error", reject)
  })

describe("GET /images/layer", () => {
  it.each([
    ["0", 0],
    ["1", 1]
  ])("gives layer %s as the registry has it", async (layer, index) => {
    const { digest, bytes } = blobOf(app, index)
    const answer = await download(layer)
    expect(answer.status).toBe(200)
    expect(answer.bytes.equals(bytes)).toBe(true)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/vnd.oci.image.layer.v1.tar+gzip",
      "content-length": String(bytes.length),
      "content-disposition": expect.stringContaining(`attachment; filename="${digest.replace(":", "-")}.tar.gz"`),
      "content-security-policy": expect.stringMatching(/^sandbox; default-src 'none'/u),
      "keyhole-layer": digest,
      "cache-control": "no-store"
    })
    expect(answer.headers.get("content-encoding")).toBeNull()
    expect((await download(digest)).bytes.equals(bytes)).toBe(true)
  })

  it("answers HEAD with the same header fields, and neither asks for the layer nor notes a download", async () => {
    const { headers } = await download("1")
    await until(() => events.length === 1)
    const before = registry.requests.length
    const head = await fetch(`${http.url}${path("1")}`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${token}`, "user-agent": agent }
    })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe("")
    for (const name of ["content-type", "content-length", "content-disposition", "keyhole-layer"]) {
      expect(head.headers.get(name)).toBe(headers.get(name))
    }
    const asked = registry.requests.slice(before).map(({ url }) => url.pathname)
    expect(asked.filter((one) => one.includes(blobOf(app, 1).digest))).toEqual([])
    await until(() => registry.connections.size === 0)
    expect(events).toHaveLength(1)
  })

  it.each([
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", ".tar.gz"],
    ["application/vnd.oci.image.layer.v1.tar+zstd", ".tar.zst"],
    ["application/vnd.oci.image.layer.v1.tar", ".tar"],
    ["application/vnd.example.tarball", ""]
  ])("has the type %s and a name to go with it", async (type, extension) => {
    registry.put("team/typed", image([small], {}, type), "1")
    const { headers } = await download("0", "team/typed:1")
    expect(headers.get("content-type")).toBe(type)
    expect(headers.get("content-disposition")).toMatch(new RegExp(`"sha256-[0-9a-f]{64}${extension}"`, "u"))
  })

  it("takes what is no media type for bytes of any kind", async () => {
    registry.put("team/typed", image([small], {}, "text/tar; charset=utf-8"), "1")
    expect((await download("0", "team/typed:1")).headers.get("content-type")).toBe("application/octet-stream")
  })

  it("says that a layer or the registry's blob is not there", async () => {
    expect(await http.get(path("7"), token)).toMatchObject({ status: 404, body: { code: "layer-not-found" } })
    registry.on(`blobs/${blobOf(app, 1).digest}`, (_request, response) => response.writeHead(404).end(), 1)
    expect(await http.get(path("1"), token)).toMatchObject({ status: 404, body: { code: "image-not-found" } })
  })

  it("needs a layer, an image, and to be asked for by somebody who may", async () => {
    const { access } = await newcomer(http)
    expect(await http.get(path("0"), access)).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission: "image:download" }
    })
    expect((await http.get(path("0"))).status).toBe(401)
    expect(await http.get(path(""), token)).toMatchObject({ status: 422, body: { errors: [{ pointer: "/layer" }] } })
    expect(await http.get("/images/layer?layer=0", token)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/image" }] }
    })
    expect(await http.get("/images/layer?layer=0&image=UPPER", token)).toMatchObject({
      status: 422,
      body: { code: "image-reference-invalid" }
    })
  })
})

describe("a layer that is not what its digest says", () => {
  /** The registry answers with these bytes where it should send the layer. */
  const instead = (index: number, bytes: Uint8Array) =>
    registry.on(
      `blobs/${blobOf(app, index).digest}`,
      (_request, response) => response.writeHead(200, { "Content-Length": bytes.length }).end(bytes),
      1
    )

  it("is a problem when that is known before the first byte is sent", async () => {
    instead(0, Buffer.alloc(small.length))
    expect(await http.get(path("0"), token, { "user-agent": agent })).toMatchObject({
      status: 502,
      body: { code: "layer-corrupt" }
    })
    await until(() => events.length === 1)
    expect(events[0]).toMatchObject({
      type: "image.downloaded",
      outcome: "failure",
      detail: { reason: "layer-corrupt", layer: "0" }
    })
  })

  it.each([
    ["another digest", Buffer.alloc(big.length)],
    ["its last byte changed", Buffer.concat([big.subarray(0, -1), Buffer.of(big.at(-1) === 0 ? 1 : 0)])],
    ["one byte too many", Buffer.concat([big, Buffer.of(0)])]
  ])("breaks the connection off short of the length it promised: %s", async (_what, bytes) => {
    instead(1, bytes)
    const { promised, received, whole } = await count(`${http.url}${path("1")}`)
    expect(promised).toBe(big.length)
    expect(whole).toBe(false)
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThan(promised)
    await until(() => events.length === 1)
    expect(events[0]).toMatchObject({ outcome: "failure", detail: { reason: "layer-corrupt" } })
  })
})

describe("the event trail", () => {
  it("notes a download when it has ended, and by whom of what", async () => {
    await download("1")
    await until(() => events.length === 1)
    expect(events[0]).toMatchObject({
      type: "image.downloaded",
      outcome: "success",
      userId: expect.any(String),
      sessionId: expect.any(String),
      ipAddress: "127.0.0.1",
      detail: {
        image: `${registry.host}/team/app:1`,
        layer: "1",
        digest: app.manifest.digest,
        platform: "linux/amd64",
        // The configuration was fetched with it, or is known from a download before.
        bytes_fetched: expect.stringMatching(new RegExp(`^(?:${big.length}|${big.length + app.config.size})$`, "u"))
      }
    })
    // The history is of what was looked at.
    expect((await http.get("/images/history", token)).body).toEqual({ entries: [] })
    await until(() => registry.connections.size === 0)
  })
})

describe("a client that goes away in the middle of a download", () => {
  it("ends it, and the registry session with it", async () => {
    let upstream: ServerResponse | undefined
    registry.on(
      `blobs/${blobOf(app, 1).digest}`,
      (_request, response) => {
        upstream = response
        response.writeHead(200, { "Content-Length": big.length }).write(big.subarray(0, 1_000_000))
      },
      1
    )
    const away = new AbortController()
    const response = await fetch(`${http.url}${path("1")}`, {
      headers: { authorization: `Bearer ${token}`, "user-agent": agent },
      signal: away.signal
    })
    await response.body?.getReader().read()
    expect(upstream?.closed).toBe(false)
    expect(events).toEqual([])
    away.abort()
    await until(() => upstream?.closed === true && events.length === 1 && registry.connections.size === 0)
    expect(events[0]).toMatchObject({ outcome: "failure", detail: { reason: "interrupted" } })
  })
})
