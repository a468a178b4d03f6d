import { gzipSync } from "node:zlib"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { EntryDocument } from "../../src/http/api/imageDocuments.ts"
import { bytesOf, pax, tarball } from "../domain/image/support/tarball.ts"
import { type Http, operator, startHttp } from "../support/http.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { type Image, image, sha256 } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"

const owners = (block: Uint8Array) => {
  block.set(bytesOf("ada"), 265)
  block.set(bytesOf("staff"), 297)
}
const device = (block: Uint8Array) => block.set(bytesOf("0000005\0"), 329)

const lower = tarball(
  { name: "./", type: "5", mode: 0o755 },
  { name: "tmp/", type: "5", mode: 0o1777, mtime: 1_700_000_000 },
  { name: "tmp/su", mode: 0o4755, content: "#!", patch: owners },
  { name: "deep/er/file", content: "deep" },
  { name: "twice", content: "1" },
  { name: "soft", type: "2", mode: 0o777, link: "tmp/../tmp//su" },
  { name: "hard", type: "1", link: "./tmp/su" },
  { name: "tty", type: "3", mode: 0o620, patch: device },
  { name: "disk", type: "4", patch: device },
  { name: "pipe", type: "6" },
  { name: "./twice", content: "22" }
)
const upper = tarball(
  { name: "z", content: "z" },
  { name: ".wh.z" },
  { name: ".wh.soft" },
  { name: "deep/.wh..wh..opq" },
  { name: "tmp/su", content: "newer" },
  { name: "a", type: "1", link: "below" },
  { name: "below", content: "12345" }
)
/** What cannot be said as it is: a time beyond the calendar, and names that are no UTF-8. */
const unsayable = image([
  gzipSync(
    tarball(
      pax([["mtime", "999999999999"]]),
      { name: "late" },
      pax([["mtime", "-999999999999"]]),
      { name: "early" },
      {
        name: "odd",
        type: "2",
        patch: (block) => {
          block.set([0x6c, 0xff], 157)
          block.set([0xe9], 265)
          block.set([0x67, 0xe9], 297)
        }
      }
    )
  )
])
const stacked = image([gzipSync(lower), gzipSync(upper)])

/** An image of one file that says what it is for. */
const imageFor = (architecture: string, variant?: string) =>
  image([gzipSync(tarball({ name: "for", content: architecture }))], { architecture, variant })

const descriptor = ({ manifest: { mediaType, digest, size } }: Image) => ({ mediaType, digest, size })
const amd64 = imageFor("amd64")
const arm64 = imageFor("arm64", "v8")
const armv6 = imageFor("arm", "v6")
const index = (() => {
  const platform = (architecture: string, variant?: string, os = "linux") => ({
    platform: { os, architecture, variant }
  })
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { ...descriptor(arm64), ...platform("arm64", "v8") },
        { ...descriptor(amd64), ...platform("unknown", undefined, "unknown") },
        { ...descriptor(amd64), ...platform("amd64") },
        { ...descriptor(armv6), ...platform("arm", "v6") }
      ]
    })
  )
  return { mediaType: "application/vnd.oci.image.index.v1+json", digest: sha256(bytes), size: bytes.length, bytes }
})()

const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let http: Http
let token: string

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
  registry.put("team/app", stacked, "1")
  registry.put("team/odd", unsayable, "1")
  for (const [name, one] of Object.entries({ amd64, arm64, armv6 })) registry.put("team/multi", one, name)
  registry.put("team/multi", { ...amd64, manifest: index }, "1")
  http = await startHttp(registries(open(registry.host)))
  token = await operator(http)
})
afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

const ask = (path: string, query: Readonly<Record<string, string>> = {}, name = "team/app:1", accept = "*/*") =>
  http.get(`${path}?${new URLSearchParams({ image: `${registry.host}/${name}`, ...query }).toString()}`, token, {
    accept
  })

const entry = (path: string, type: EntryDocument["type"], more: Partial<EntryDocument> = {}): EntryDocument => ({
  path,
  type,
  mode: 0o644,
  uid: 1000,
  gid: 1000,
  size: 0,
  mtime: "1970-01-01T00:00:00.000Z",
  layer: 0,
  ...more
})
const su = entry("/tmp/su", "file", { mode: 0o4755, uname: "ada", gname: "staff", size: 2 })
const ofLower = {
  tmp: entry("/tmp", "dir", { mode: 0o1777, mtime: "2023-11-14T22:13:20.000Z" }),
  deep: entry("/deep/er/file", "file", { size: 4 }),
  soft: entry("/soft", "symlink", { mode: 0o777, link: "tmp/../tmp//su" }),
  hard: entry("/hard", "hardlink", { link: "/tmp/su" }),
  tty: entry("/tty", "char", { mode: 0o620 }),
  disk: entry("/disk", "block"),
  pipe: entry("/pipe", "fifo"),
  twice: entry("/twice", "file", { size: 2 })
}

describe("a layer's listing", () => {
  it("has every kind of file as its archive has it, in its order, the root left out, and of one path the last", async () => {
    const { tmp, deep, soft, hard, tty, disk, pipe, twice } = ofLower
    expect((await ask("/images/files", { layer: "0" })).body.entries).toEqual([
      tmp,
      su,
      deep,
      soft,
      hard,
      tty,
      disk,
      pipe,
      twice
    ])
  })

  it("has what cannot be said as near as it can be", async () => {
    expect((await ask("/images/files", { layer: "0" }, "team/odd:1")).body.entries).toEqual([
      entry("/late", "file", { mtime: "9999-12-31T23:59:59.999Z" }),
      entry("/early", "file", { mtime: "0000-01-01T00:00:00.000Z" }),
      entry("/odd", "symlink", { link: "l\ufffd", uname: "\ufffd", gname: "g\ufffd" })
    ])
  })

  it("names whiteouts after what they hide, the layer's own files untouched", async () => {
    const upperLayer = { layer: 1 }
    expect((await ask("/images/files", { layer: "1" })).body.entries).toEqual([
      entry("/z", "file", { ...upperLayer, size: 1 }),
      entry("/z", "file", { ...upperLayer, whiteout: "file" }),
      entry("/soft", "file", { ...upperLayer, whiteout: "file" }),
      entry("/deep", "file", { ...upperLayer, whiteout: "opaque" }),
      entry("/tmp/su", "file", { ...upperLayer, size: 5 }),
      entry("/a", "hardlink", { ...upperLayer, link: "/below" }),
      entry("/below", "file", { ...upperLayer, size: 5 })
    ])
  })
})

describe("the merged listing", () => {
  const { tmp, hard, tty, disk, pipe, twice } = ofLower
  const merged = [
    entry("/a", "hardlink", { layer: 1, link: "/below", size: 5 }),
    entry("/below", "file", { layer: 1, size: 5 }),
    disk,
    // The file of its own layer, whatever is there in the image.
    { ...hard, size: 2 },
    pipe,
    tmp,
    entry("/tmp/su", "file", { layer: 1, size: 5 }),
    tty,
    twice,
    entry("/z", "file", { layer: 1, size: 1 })
  ]

  it("is in the order of its paths, hard links as long as their files, no whiteout shown and no directory invented", async () => {
    expect((await ask("/images/files")).body.entries).toEqual(merged)
  })

  it("is the same in NDJSON, the later line of a path in the earlier's place, and as many lines of text", async () => {
    const lines = (await ask("/images/files", {}, "team/app:1", "application/x-ndjson")).body.trimEnd().split("\n")
    const documents: ReadonlyArray<EntryDocument> = lines.slice(0, -1).map((line: string) => JSON.parse(line))
    const last = new Map(documents.map((document) => [document.path, document]))
    expect([...last.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual(merged)
    const text = (await ask("/images/files", {}, "team/app:1", "text/plain")).body.trimEnd().split("\n")
    expect(text).toHaveLength(merged.length)
    expect(text[1]).toMatch(/^-rw-r--r-- 1 1000 +1000 +5 1970-01-01 00:00 \/below$/u)
  })

  it("keeps what is at a path and below it, however the path is written", async () => {
    for (const path of ["/tmp", "tmp/", "/z/../tmp/."]) {
      expect((await ask("/images/files", { path })).body.entries).toEqual(merged.slice(5, 7))
    }
    expect((await ask("/images/files", { path: "/nothing" })).body).toMatchObject({ complete: true, entries: [] })
  })
})

it("a file that a link leads to is saved under its own name", async () => {
  const { body, headers } = await ask("/images/file", { path: "/soft", layer: "0" })
  expect(body).toBe("#!")
  expect(headers.get("keyhole-path")).toBe("/tmp/su")
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="su";/u)
})

describe("an image for several platforms", () => {
  it.each([
    ["", "linux/amd64", amd64],
    ["linux/amd64", "linux/amd64", amd64],
    ["linux/arm64", "linux/arm64", arm64],
    ["linux/aarch64/v8", "linux/arm64", arm64],
    ["linux/arm/v7", "linux/arm/v6", armv6]
  ])("is, for %j, the one for %s", async (wanted, platform, { manifest, layers }) => {
    const query: Record<string, string> = wanted === "" ? {} : { platform: wanted }
    const { body } = await ask("/images/manifest", query, "team/multi:1")
    expect(body).toMatchObject({
      digest: manifest.digest,
      index_digest: index.digest,
      platform,
      platforms: ["linux/arm64", "linux/amd64", "linux/arm/v6"],
      layers: [{ digest: layers[0]?.digest }]
    })
    expect((await ask("/images/files", query, "team/multi:1")).body.digest).toBe(manifest.digest)
    for (const [path, more] of [
      ["/images/file", { path: "/for" }],
      ["/images/layer", { layer: "0" }]
    ] as const) {
      const { status, headers } = await ask(path, { ...query, ...more }, "team/multi:1")
      expect([status, headers.get("keyhole-layer")]).toEqual([200, layers[0]?.digest])
    }
  })

  it("says for which ones there is none", async () => {
    for (const [path, more] of [
      ["/images/manifest", {}],
      ["/images/files", {}],
      ["/images/file", { path: "/for" }],
      ["/images/layer", { layer: "0" }]
    ] as const) {
      const { body } = await ask(path, { platform: "windows/amd64", ...more }, "team/multi:1")
      expect(body, path).toMatchObject({
        status: 404,
        code: "platform-not-found",
        platforms: ["linux/arm64", "linux/amd64", "linux/arm/v6"]
      })
    }
  })

  it("can be asked for by the digest of one of them, and then is of no list", async () => {
    const { body } = await ask("/images/manifest", {}, `team/multi@${arm64.manifest.digest}`)
    expect(body).toMatchObject({ platform: "linux/arm64", platforms: ["linux/arm64"] })
    expect(body).not.toHaveProperty("index_digest")
  })
})

it("a manifest of an image that says little of itself leaves out what nobody said", async () => {
  const { body } = await ask("/images/manifest")
  expect(body).toMatchObject({
    created: null,
    build_steps: [],
    config: { entrypoint: [], cmd: [], env: [], labels: {} }
  })
  for (const each of body.layers) expect(each).not.toHaveProperty("created_by")
})

it("tags come in pages, each leading on to the next", async () => {
  for (const tag of ["a", "b", "c", "d", "e"]) registry.put("team/tagged", stacked, tag)
  const name = "team/tagged"
  const page = async (query: Record<string, string>) => (await ask("/images/tags", query, name)).body
  expect(await page({ limit: "2" })).toEqual({ image: `${registry.host}/${name}`, tags: ["a", "b"], next: "b" })
  expect(await page({ limit: "2", last: "b" })).toMatchObject({ tags: ["c", "d"], next: "d" })
  const end = await page({ limit: "2", last: "d" })
  expect(end.tags).toEqual(["e"])
  expect(end).not.toHaveProperty("next")
})
