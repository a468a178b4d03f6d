import { gzipSync } from "node:zlib"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { tarball } from "../domain/image/support/tarball.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { client, open } from "../support/registry/session.ts"

const base = gzipSync(tarball({ name: "etc/passwd", content: "root" }, { name: "etc/motd", content: "hi" }))
const app = image([base, gzipSync(tarball({ name: "srv/Passwd.bak", content: "old" }, { name: "etc/.wh.motd" }))])
const tool = image([base, gzipSync(tarball({ name: new Uint8Array([0x70, 0x61, 0x73, 0x73, 0xe9]) }))])
const many = image([gzipSync(tarball(...Array.from({ length: 120 }, (_, at) => ({ name: `many/${at}` }))))])
const broken = image([gzipSync(tarball({ name: "etc/passwd" })).subarray(0, -4)])

const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let http: Http
let ada: string
let bob: string

const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString()
const named = (name: string) => `${registry.host}/team/${name}`
const peek = (token: string, name: string, more: Readonly<Record<string, string>> = {}) =>
  http.get(`/images/files?${query({ image: named(name), ...more })}`, token)
const carve = (token: string, name: string, path: string) =>
  http.get(`/images/file?${query({ image: named(name), path })}`, token)
const history = (token: string, parameters: Readonly<Record<string, string>> = {}) =>
  http.get(`/images/history?${query(parameters)}`, token)
const search = (token: string, parameters: Readonly<Record<string, string>>) =>
  http.get(`/images/search?${query(parameters)}`, token)

/** An operation is noted when it has ended, and its answer may be there before. */
const settled = async (token: string, count: number) => {
  const deadline = Date.now() + 5000
  while ((await history(token)).body.entries.length < count) {
    if (Date.now() > deadline) throw new Error("it was not noted in time")
  }
}

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry({ auth: "bearer" }), scope))
  for (const [name, what] of Object.entries({ app, tool, many, broken })) registry.put(`team/${name}`, what, "1")
  registry.put("team/tool", tool)
  http = await startHttp(client(open(registry.host)))
  ada = (await newcomer(http)).access
  bob = (await newcomer(http)).access
  await peek(ada, "app:1")
  await settled(ada, 1)
  await carve(ada, "app:1", "/etc/passwd")
  await settled(ada, 2)
  await carve(ada, "app:1", "/etc/motd")
  await settled(ada, 3)
  await peek(ada, "nothing:1")
  await peek(ada, "broken:1", { partial: "true" })
  await settled(ada, 4)
  await peek(ada, "many:1")
  await peek(bob, "tool:1", { layer: "1" })
  await settled(ada, 5)
  await settled(bob, 1)
})
afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

describe("GET /images/history", () => {
  it("is what the caller looked at, newest first, failures of what was found included", async () => {
    const { status, body } = await history(ada)
    expect(status).toBe(200)
    const common = {
      platform: "linux/amd64",
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
      bytes_fetched: expect.any(Number)
    }
    const ofApp = { ...common, image: named("app:1"), digest: app.manifest.digest }
    const ofMany = { ...common, image: named("many:1"), digest: many.manifest.digest }
    const ofBroken = { ...common, image: named("broken:1"), digest: broken.manifest.digest }
    expect(body).toEqual({
      entries: [
        { ...ofMany, operation: "peek", outcome: "success" },
        { ...ofBroken, operation: "peek", outcome: "failure" },
        { ...ofApp, operation: "carve", path: "/etc/motd", outcome: "failure" },
        { ...ofApp, operation: "carve", path: "/etc/passwd", outcome: "success" },
        { ...ofApp, operation: "peek", outcome: "success" }
      ]
    })
    expect((await history(bob)).body.entries).toMatchObject([{ image: named("tool:1"), layer: "1" }])
  })

  it("comes in pages", async () => {
    const operations: Array<string> = []
    let page: Readonly<Record<string, string>> = {}
    for (let pages = 1; ; pages++) {
      const { body } = await history(ada, { limit: "2", ...page })
      operations.push(...body.entries.map((entry: { operation: string }) => entry.operation))
      if (body.next === undefined) {
        expect(pages).toBe(3)
        break
      }
      page = { before: body.next }
    }
    expect(operations).toEqual(["peek", "peek", "carve", "carve", "peek"])
  })

  it("finds part of an image's name or of a path", async () => {
    const found = async (text: string) => (await history(ada, { query: text })).body.entries.length
    expect([await found("TEAM/APP"), await found("motd"), await found("100%"), await found("tool")]).toEqual([
      3, 1, 0, 0
    ])
  })

  it.each([
    ["limit", "0"],
    ["limit", "201"],
    ["before", "yesterday"],
    ["after", "1"]
  ])("refuses %s=%s", async (name, value) => {
    expect(await history(ada, { [name]: value })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/${name}` }] }
    })
  })
})

describe("GET /images/search", () => {
  it("finds names in the layers the caller was shown, and tells where", async () => {
    const { status, body } = await search(ada, { query: "passwd" })
    expect(status).toBe(200)
    const common = { image: named("app:1"), digest: app.manifest.digest, type: "file" }
    expect(body).toEqual({
      results: [
        { ...common, layer: 0, path: "/etc/passwd", size: 4 },
        { ...common, layer: 1, path: "/srv/Passwd.bak", size: 3 }
      ]
    })
  })

  it("shows nobody what others looked at, nor the layers of an image that were not", async () => {
    expect((await search(bob, { query: "passwd" })).body).toEqual({ results: [] })
    expect((await search(bob, { query: "pass" })).body.results).toEqual([
      expect.objectContaining({
        image: named("tool:1"),
        layer: 1,
        path: "/pass\ufffd",
        path_base64: Buffer.from("2f70617373e9", "hex").toString("base64")
      })
    ])
  })

  it("keeps to one image, however it is written", async () => {
    expect((await search(ada, { query: "passwd", image: named("many:1") })).body).toEqual({ results: [] })
    expect((await search(ada, { query: "passwd", image: named("app:1") })).body.results).toHaveLength(2)
    const dora = (await newcomer(http)).access
    await peek(dora, "tool")
    await settled(dora, 1)
    for (const written of ["tool", "tool:latest"]) {
      expect((await search(dora, { query: "passwd", image: named(written) })).body.results).toHaveLength(1)
    }
    expect(await search(ada, { query: "passwd", image: "UPPER" })).toMatchObject({
      status: 422,
      body: { code: "image-reference-invalid" }
    })
  })

  it("finds no whiteout, and nothing of a listing that broke off", async () => {
    expect((await search(ada, { query: "motd" })).body.results).toMatchObject([{ layer: 0, path: "/etc/motd" }])
    expect((await search(ada, { query: "passwd", image: named("broken:1") })).body.results).toEqual([])
  })

  it("comes in pages that miss nothing and repeat nothing", async () => {
    const found: Array<string> = []
    let page: Readonly<Record<string, string>> = {}
    for (let pages = 1; ; pages++) {
      const { body } = await search(ada, { query: "many/", ...page })
      found.push(...body.results.map((result: { path: string }) => result.path))
      if (body.next === undefined) {
        expect(pages).toBe(3)
        break
      }
      expect(body.results).toHaveLength(50)
      page = { after: body.next }
    }
    const { body } = await search(ada, { query: "many/", limit: "119" })
    expect([body.results.length, "next" in body]).toEqual([119, true])
    expect(found).toEqual(Array.from({ length: 120 }, (_, at) => `/many/${at}`))
  })

  it("does not take a peek that read nothing for one", async () => {
    const carol = (await newcomer(http)).access
    await fetch(`${http.url}/images/files?${query({ image: named("app:1") })}`, {
      method: "HEAD",
      headers: { authorization: `Bearer ${carol}` }
    })
    await carve(carol, "app:1", "/etc/passwd")
    await settled(carol, 2)
    expect((await search(carol, { query: "passwd" })).body).toEqual({ results: [] })
  })

  it.each([
    ["query", ""],
    ["query", "a\0"],
    ["limit", "201"],
    ["after", "1.2.sha256:0.x"]
  ])("refuses %s=%s", async (name, value) => {
    expect(await search(ada, { query: "x", [name]: value })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/${name}` }] }
    })
  })
})
