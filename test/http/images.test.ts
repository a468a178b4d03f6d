import { randomBytes } from "node:crypto"
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import { Effect, Exit, Layer, Schema, Scope } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import type { SecurityEvent } from "../../src/domain/event/SecurityEvent.ts"
import { StorageUnavailable } from "../../src/domain/storage/StorageUnavailable.ts"
import {
  type EntryDocument,
  ListingDocument,
  ListingLine,
  ManifestDocument,
  TagsDocument
} from "../../src/http/api/imageDocuments.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { type Image, image } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { until } from "../support/until.ts"

const directory = (name: string) => ({ name, type: "5", mode: 0o755 })
const symlink = (name: string, link: string) => ({ name, type: "2", mode: 0o777, link })

const lower = tarball(
  directory("etc/"),
  { name: "etc/passwd", content: "root:x:0:0" },
  { name: "etc/motd", content: "welcome" },
  directory("usr/"),
  directory("usr/bin/"),
  { name: "usr/bin/sh", mode: 0o755, content: "\x7fELF" },
  symlink("bin", "usr/bin"),
  symlink("lost", "nowhere"),
  { name: "logo.svg", content: "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>" },
  { name: new Uint8Array([0x63, 0x61, 0x66, 0xe9]), content: "latin" }
)
const upper = tarball(directory("etc/"), { name: "etc/passwd", content: "root:x:0:0\nada" }, { name: "etc/.wh.motd" })

const app = image([gzipSync(lower), gzipSync(upper)], {
  created: "2026-11-21T10:00:00Z",
  config: {
    Entrypoint: ["/bin/sh"],
    Env: ["A=1"],
    Labels: { a: "b" },
    ExposedPorts: { "80/tcp": {} },
    WorkingDir: "/srv"
  },
  history: [
    { created_by: "ADD rootfs", created: "2026-11-21T10:00:00Z" },
    { created_by: "ENV A=1", empty_layer: true },
    { created_by: "COPY etc" }
  ]
})

/** The name in the lower layer that is not UTF-8. */
const latin = Buffer.from("/caf\xe9", "latin1").toString("base64")

// Cut short in the header after its third entry, and with a digest of its own: the registry is honest, the archive is not whole.
const broken = image([gzipSync(lower.subarray(0, 2560 + 256))])

const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let http: Http
let token: string
const events: Array<SecurityEvent> = []
/** What is noted late is the trail of an earlier test: each has an agent of its own. */
let agent = ""
let tests = 0
let trailIsLost = false

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry({ auth: "bearer" }), scope))
  registry.put("team/app", app, "1")
  registry.put("team/broken", broken, "1")
  const trail = Layer.succeed(EventLog, {
    append: (event) =>
      Effect.suspend(() => {
        if (trailIsLost) return Effect.fail(new StorageUnavailable({ store: "database", cause: "lost" }))
        if (event.userAgent === agent) events.push(event)
        return Effect.void
      }),
    page: () => Effect.succeed(events)
  })
  http = await startHttp(Layer.merge(registries(open(registry.host)), trail))
  token = (await newcomer(http)).access
})
afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})
beforeEach(() => {
  events.length = 0
  agent = `test ${tests++}`
})

const ask = (path: string, query: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
  http.get(`${path}?${new URLSearchParams({ image: `${registry.host}/team/app:1`, ...query }).toString()}`, token, {
    "user-agent": agent,
    ...headers
  })

const isExactly = (schema: Schema.Codec<unknown, unknown>, value: unknown) =>
  Schema.decodeUnknownResult(schema)(value, { onExcessProperty: "error" })._tag === "Success"

const paths = (body: { readonly entries: ReadonlyArray<{ readonly path: string }> }) =>
  body.entries.map(({ path }) => path).toSorted()

describe("GET /images/tags", () => {
  it("lists the repository's tags", async () => {
    const { status, body } = await ask("/images/tags", {})
    expect(status).toBe(200)
    expect(body).toEqual({ image: `${registry.host}/team/app`, tags: ["1"] })
    expect(isExactly(TagsDocument, body)).toBe(true)
  })

  it.each(["0", "1001", "many", "1.5"])("refuses the limit %s", async (limit) => {
    expect(await ask("/images/tags", { limit })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/limit" }] }
    })
  })
})

describe("GET /images/manifest", () => {
  it("says what the image says of itself", async () => {
    const { status, body, headers } = await ask("/images/manifest", {})
    expect(status).toBe(200)
    expect(body).toEqual({
      image: `${registry.host}/team/app:1`,
      digest: app.manifest.digest,
      platform: "linux/amd64",
      platforms: ["linux/amd64"],
      created: "2026-11-21T10:00:00.000Z",
      config: {
        entrypoint: ["/bin/sh"],
        cmd: [],
        env: ["A=1"],
        user: "",
        working_dir: "/srv",
        labels: { a: "b" },
        exposed_ports: ["80/tcp"]
      },
      layers: app.layers.map(({ digest, mediaType, size }, index) => ({
        index,
        digest,
        media_type: mediaType,
        size,
        created_by: ["ADD rootfs", "COPY etc"][index]
      })),
      build_steps: [
        { created_by: "ADD rootfs", created: "2026-11-21T10:00:00.000Z", empty_layer: false, layer_index: 0 },
        { created_by: "ENV A=1", empty_layer: true },
        { created_by: "COPY etc", empty_layer: false, layer_index: 1 }
      ],
      size: app.layers.reduce((sum, { size }) => sum + size, 0)
    })
    expect(isExactly(ManifestDocument, body)).toBe(true)
    expect(headers.get("cache-control")).toBe("no-store")
  })

  it("lists the platforms there are when the wanted one is not among them", async () => {
    expect(await ask("/images/manifest", { platform: "linux/riscv64" })).toMatchObject({
      status: 404,
      body: { code: "platform-not-found", platforms: ["linux/amd64"] }
    })
  })

  it("points at a platform that is none", async () => {
    expect(await ask("/images/manifest", { platform: "linux" })).toMatchObject({
      status: 422,
      body: { code: "invalid-request", errors: [{ pointer: "/platform", detail: expect.stringContaining("os/arch") }] }
    })
  })
})

describe("GET /images/files", () => {
  it("lists the whole image with whiteouts applied", async () => {
    const { status, body, headers } = await ask("/images/files", {})
    expect(status).toBe(200)
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8")
    expect(body).toMatchObject({ image: `${registry.host}/team/app:1`, digest: app.manifest.digest, complete: true })
    expect(paths(body)).toEqual(
      ["/bin", "/caf\ufffd", "/etc", "/etc/passwd", "/logo.svg", "/lost", "/usr", "/usr/bin", "/usr/bin/sh"].toSorted()
    )
    expect(body.entries.find(({ path }: EntryDocument) => path === "/etc/passwd")).toEqual({
      path: "/etc/passwd",
      type: "file",
      mode: 0o644,
      uid: 1000,
      gid: 1000,
      size: 14,
      mtime: "1970-01-01T00:00:00.000Z",
      layer: 1
    })
    expect(body.bytes_fetched).toBeGreaterThan(0)
    expect(isExactly(ListingDocument, body)).toBe(true)
  })

  it("fetches no blob to say the same again, but asks for the manifest", async () => {
    const { entries } = (await ask("/images/files", {})).body
    const before = registry.requests.length
    const { body } = await ask("/images/files", {})
    expect(body).toMatchObject({ entries, complete: true, bytes_fetched: 0 })
    const asked = registry.requests.slice(before).map(({ url }) => url.pathname)
    expect(asked.some((path) => path.includes("/manifests/"))).toBe(true)
    expect(asked.filter((path) => path.includes("/blobs/"))).toEqual([])
  })

  it("gives the bytes of a name that is not UTF-8", async () => {
    const { body } = await ask("/images/files", {})
    expect(body.entries.filter((entry: EntryDocument) => "path_base64" in entry)).toMatchObject([
      { path: "/caf\ufffd", path_base64: Buffer.from([0x2f, 0x63, 0x61, 0x66, 0xe9]).toString("base64") }
    ])
  })

  it("lists what is at a path that is not UTF-8, given by its bytes", async () => {
    const { body } = await ask("/images/files", { path_base64: latin })
    expect(body.entries).toMatchObject([{ path_base64: latin, size: 5 }])
  })

  it("lists one layer by index and by digest, its whiteouts shown", async () => {
    const [byIndex, byDigest] = await Promise.all([
      ask("/images/files", { layer: "1" }),
      ask("/images/files", { layer: app.layers[1]?.digest ?? "" })
    ])
    expect(byDigest.body.entries).toEqual(byIndex.body.entries)
    expect(byIndex.body.entries).toMatchObject([
      { path: "/etc", type: "dir", size: 0 },
      { path: "/etc/passwd" },
      { path: "/etc/motd", whiteout: "file" }
    ])
  })

  it("keeps one subtree", async () => {
    expect(paths((await ask("/images/files", { path: "/usr" })).body)).toEqual(["/usr", "/usr/bin", "/usr/bin/sh"])
  })

  it("as NDJSON is an entry a line, then a summary", async () => {
    const { body, headers } = await ask("/images/files", {}, { accept: "application/x-ndjson" })
    expect(headers.get("content-type")).toBe("application/x-ndjson")
    expect(body.endsWith("\n")).toBe(true)
    const lines = body
      .trimEnd()
      .split("\n")
      .map((line: string): unknown => JSON.parse(line))
    expect(lines).toHaveLength(10)
    expect(lines.every((line: unknown) => isExactly(ListingLine, line))).toBe(true)
    expect(lines.at(-1)).toEqual({
      summary: {
        image: `${registry.host}/team/app:1`,
        digest: app.manifest.digest,
        complete: true,
        bytes_fetched: expect.any(Number),
        elapsed_ms: expect.any(Number)
      }
    })
  })

  it("with progress=true tells in NDJSON what has come, and is otherwise the same", async () => {
    const fresh = image([gzipSync(tarball({ name: "fresh", content: randomBytes(100_000) }))])
    registry.put("team/fresh", fresh, "1")
    const query = { image: `${registry.host}/team/fresh:1`, progress: "true" }
    const { body } = await ask("/images/files", query, { accept: "application/x-ndjson" })
    const lines: ReadonlyArray<Record<string, unknown>> = body
      .trimEnd()
      .split("\n")
      .map((line: string) => JSON.parse(line))
    expect(lines.every((line) => isExactly(ListingLine, line))).toBe(true)
    const size = fresh.layers[0]?.size
    expect(lines.findLast((line) => "progress" in line)).toEqual({
      progress: { layer: 0, bytes: size, of: size }
    })
    expect(lines.filter((line) => "path" in line)).toHaveLength(1)
    expect(lines.at(-1)).toMatchObject({ summary: { complete: true } })
    expect((await ask("/images/files", query)).body.entries).toHaveLength(1)
  })

  it("as text reads like ls -la", async () => {
    const { body, headers } = await ask("/images/files", { path: "/bin" }, { accept: "text/plain" })
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8")
    expect(body).toMatch(/^lrwxrwxrwx 1 1000 +1000 +0 1970-01-01 00:00 \/bin -> usr\/bin\n$/u)
  })

  it.each(["application/json", "application/x-ndjson", "text/plain"])(
    "tells caches that %s was asked for",
    async (accept) => {
      const { headers } = await ask("/images/files", {}, { accept })
      expect(headers.get("content-type")).toContain(accept)
      expect(headers.get("vary")).toBe("Accept")
    }
  )

  it.each(["text/html", "*/*", "application/json;q=0.5, text/*;q=0.1"])("is JSON for Accept: %s", async (accept) => {
    expect((await ask("/images/files", {}, { accept })).headers.get("content-type")).toContain("application/json")
  })

  describe("of a layer that breaks off", () => {
    const query = () => ({ image: `${registry.host}/team/broken:1` })

    it("is the problem, with how much was read", async () => {
      expect(await ask("/images/files", query())).toMatchObject({
        status: 502,
        body: { code: "layer-corrupt", entries_read: 3 }
      })
    })

    it("is 200 with partial=true, and says that it is not complete and why", async () => {
      const { status, body } = await ask("/images/files", { ...query(), partial: "true" })
      expect(status).toBe(200)
      expect(body).toMatchObject({ complete: false, problem: { code: "layer-corrupt", status: 502, entries_read: 3 } })
      expect(paths(body)).toEqual(["/etc", "/etc/motd", "/etc/passwd"])
      expect(isExactly(ListingDocument, body)).toBe(true)
    })

    it("says so in the last line of a text with partial=true", async () => {
      const { status, body } = await ask("/images/files", { ...query(), partial: "true" }, { accept: "text/plain" })
      expect(status).toBe(200)
      expect(body.trimEnd().split("\n").at(-1)).toMatch(/^\(not complete: The layer is broken: .+\)$/u)
    })

    it("ends in NDJSON with the problem, and with partial=true with a summary that has it", async () => {
      const last = async (partial: string) => {
        const { body } = await ask("/images/files", { ...query(), partial }, { accept: "application/x-ndjson" })
        return JSON.parse(body.trimEnd().split("\n").at(-1))
      }
      expect(await last("false")).toMatchObject({ problem: { code: "layer-corrupt", entries_read: 3 } })
      expect(await last("true")).toMatchObject({ summary: { complete: false, problem: { code: "layer-corrupt" } } })
    })
  })

  it("to HEAD answers its type and reads no layer", async () => {
    const before = registry.requests.length
    const response = await fetch(`${http.url}/images/files?image=${registry.host}/team/app:1`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${token}`, accept: "application/x-ndjson" }
    })
    expect(response.headers.get("content-type")).toBe("application/x-ndjson")
    const asked = registry.requests.slice(before).map(({ url }) => url.pathname)
    expect(asked.filter((path) => app.layers.some(({ digest }) => path.includes(digest)))).toEqual([])
  })
})

describe("GET /images/file", () => {
  it("is the file's bytes, and says where they come from", async () => {
    const { status, body, headers } = await ask("/images/file", { path: "/etc/passwd" })
    expect(status).toBe(200)
    expect(body).toBe("root:x:0:0\nada")
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-length": "14",
      "content-disposition": "attachment; filename=\"passwd\"; filename*=UTF-8''passwd",
      "keyhole-layer": app.layers[1]?.digest,
      "keyhole-path": "/etc/passwd"
    })
  })

  it("follows links inside the image", async () => {
    const { body, headers } = await ask("/images/file", { path: "/bin/sh" })
    expect(body).toBe("\x7fELF")
    expect(headers.get("keyhole-path")).toBe("/usr/bin/sh")
  })

  it("runs nothing in a browser, whatever it holds", async () => {
    const { headers } = await ask("/images/file", { path: "/logo.svg" })
    expect(headers.get("content-type")).toBe("image/svg+xml")
    expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/u)
    expect(headers.get("content-disposition")).toMatch(/^attachment/u)
    expect(headers.get("x-content-type-options")).toBe("nosniff")
  })

  it.each([
    ["/etc/motd", 404, "file-deleted", { layer: 1 }],
    ["/etc/nothing", 404, "file-not-found", {}],
    ["/lost", 404, "link-dangling", {}],
    ["/etc", 409, "not-a-file", {}]
  ])("is for %s %i %s", async (path, status, code, members) => {
    expect(await ask("/images/file", { path })).toMatchObject({ status, body: { code, ...members } })
  })

  it("shows in a lower layer what a higher one deletes", async () => {
    expect((await ask("/images/file", { path: "/etc/motd", layer: "0" })).body).toBe("welcome")
  })

  it("answers HEAD with the same header fields and no bytes", async () => {
    const url = `${http.url}/images/file?image=${registry.host}/team/app:1&path=/etc/passwd`
    const response = await fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` } })
    expect(response.headers.get("content-length")).toBe("14")
    expect(response.headers.get("keyhole-path")).toBe("/etc/passwd")
    expect(await response.text()).toBe("")
  })

  it("needs a path", async () => {
    expect(await ask("/images/file", {})).toMatchObject({ status: 422, body: { errors: [{ pointer: "/path" }] } })
  })

  it("takes a path that is not UTF-8 by its bytes, and notes it as it can be shown", async () => {
    const { status, body, headers } = await ask("/images/file", { path_base64: latin })
    expect([status, String(body)]).toEqual([200, "latin"])
    expect(headers.get("keyhole-path")).toBe("/caf%E9")
    await until(() => events.length === 1)
    expect(events[0]?.detail).toMatchObject({ path: "/caf\ufffd" })
  })

  it.each([
    ["both ways", { path: "/etc/passwd", path_base64: latin }],
    ["by what is no base64", { path_base64: "/caf!" }],
    ["by no bytes at all", { path_base64: "" }]
  ])("refuses a path given %s", async (_, query) => {
    const refusal = { status: 422, body: { errors: [{ pointer: "/path_base64" }] } }
    expect(await ask("/images/file", query)).toMatchObject(refusal)
    expect(await ask("/images/files", query)).toMatchObject(refusal)
  })
})

describe("every call about images", () => {
  const calls = ["/images/tags", "/images/manifest", "/images/files", "/images/file"]

  it.each(calls)("needs a caller: %s", async (path) => {
    expect(await http.get(`${path}?image=alpine&path=/x`)).toMatchObject({
      status: 401,
      body: { code: "token-missing" }
    })
  })

  it.each(calls)("refuses what is no image reference: %s", async (path) => {
    const query = { image: "UPPER CASE", ...(path === "/images/file" && { path: "/x" }) }
    expect(await ask(path, query)).toMatchObject({ status: 422, body: { code: "image-reference-invalid" } })
  })

  it("needs an image", async () => {
    expect(await http.get("/images/files", token)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/image" }] }
    })
  })

  it("names the host that may not be reached, and the hop", async () => {
    expect(await ask("/images/files", { image: "127.0.0.1:1/team/app:1" })).toMatchObject({
      status: 422,
      body: { code: "registry-not-allowed", hop: "registry", host: expect.stringContaining("127.0.0.1") }
    })
  })

  it("says that an image or a layer is not there", async () => {
    expect(await ask("/images/files", { image: `${registry.host}/team/app:2` })).toMatchObject({
      status: 404,
      body: { code: "image-not-found" }
    })
    expect(await ask("/images/files", { layer: "7" })).toMatchObject({ status: 404, body: { code: "layer-not-found" } })
  })
})

describe("the event trail", () => {
  it("notes a peek and a carve when they have ended, and how", async () => {
    await ask("/images/files", { layer: "1" })
    await ask("/images/file", { path: "/etc/passwd" })
    await ask("/images/file", { path: "/etc/motd" })
    await until(() => events.length === 3)
    expect(events).toMatchObject([
      {
        type: "image.peeked",
        outcome: "success",
        detail: {
          image: `${registry.host}/team/app:1`,
          layer: "1",
          digest: app.manifest.digest,
          platform: "linux/amd64"
        }
      },
      { type: "image.carved", outcome: "success", detail: { path: "/etc/passwd" } },
      { type: "image.carved", outcome: "failure", detail: { path: "/etc/motd", reason: "file-deleted" } }
    ])
    // The layer was listed before; of the file's there is no other way to the content.
    expect(events[0]?.detail["bytes_fetched"]).toBe("0")
    expect(Number(events[1]?.detail["bytes_fetched"])).toBeGreaterThan(0)
    expect(events[0]).toMatchObject({
      ipAddress: "127.0.0.1",
      userId: expect.any(String),
      sessionId: expect.any(String)
    })
  })
})

describe("an event trail that is lost", () => {
  it("takes nothing away from who was answered", async () => {
    trailIsLost = true
    expect(await ask("/images/file", { path: "/etc/passwd" })).toMatchObject({ status: 200, body: "root:x:0:0\nada" })
    trailIsLost = false
  })
})

describe("a client that goes away in the middle of a peek", () => {
  /** A layer of which the registry sends the beginning and then no more. */
  const endless = (): Image =>
    image([tarball(...Array.from({ length: 200 }, (_, at) => ({ name: `${at}`, content: randomBytes(2048) })))])

  it("ends it, the connection to the registry and the registry session at once", async () => {
    const slow = endless()
    registry.put("team/slow", slow, "1")
    const [layer] = slow.layers
    let upstream: ServerResponse | undefined
    registry.on(`blobs/${layer?.digest}`, (_request, response) => {
      upstream = response
      response.writeHead(200, { "Content-Length": layer?.size })
      response.write(layer?.bytes.subarray(0, 128 * 1024))
    })
    const away = new AbortController()
    const response = await fetch(`${http.url}/images/files?image=${registry.host}/team/slow:1`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/x-ndjson", "user-agent": agent },
      signal: away.signal
    })
    const first = await response.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toMatch(/^\{"path":"\/0"/u)
    expect(upstream?.closed).toBe(false)
    away.abort()
    await until(() => upstream?.closed === true, 1000)
    await until(() => events.length === 1, 1000)
    expect(events[0]).toMatchObject({ type: "image.peeked", outcome: "failure", detail: { reason: "interrupted" } })
  })
})
