import { text } from "node:stream/consumers"
import { gzipSync } from "node:zlib"
import { connect, type Client, type Entry, type Step } from "keyhole/client"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { type Http, startHttp } from "../support/http.ts"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"

const lower = tarball({ name: "etc/motd", content: "welcome" }, { name: "etc/link", type: "2", link: "motd" })
const upper = tarball({ name: "etc/.wh.gone" }, { name: "etc/name with ?#&%", content: "odd" })
const broken = image([gzipSync(lower.subarray(0, 1300))])

let http: Http
let client: Client
let app = ""
const scope = Scope.makeUnsafe()
beforeAll(async () => {
  const registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
  registry.put("team/app", image([gzipSync(lower), gzipSync(upper)]))
  registry.put("team/broken", broken)
  app = `${registry.host}/team/app`
  http = await startHttp(registries(open(registry.host)))
  client = connect({ url: http.url, mode: "token" })
  await client.register({ email: "images@example.com", password: PASSWORD })
})
afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

const collect = async (steps: AsyncIterable<Step>) => {
  const all = await Array.fromAsync(steps)
  return {
    paths: all.flatMap(({ entries }) => entries.map(({ path }: Entry) => path)),
    progress: all.flatMap(({ progress }) => progress),
    summary: all.at(-1)?.summary
  }
}

describe("peek", () => {
  it("tells entries and progress as they come, and at last how it ended", async () => {
    const { paths, progress, summary } = await collect(client.peek({ image: app }))
    expect(new Set(paths)).toEqual(new Set(["/etc/motd", "/etc/link", "/etc/name with ?#&%"]))
    expect(progress.every(({ bytes, of }) => bytes <= of)).toBe(true)
    expect(summary).toMatchObject({ complete: true })
  })

  it("of one layer tells what it hides", async () => {
    const steps = await Array.fromAsync(client.peek({ image: app, layer: 1 }))
    expect(steps.flatMap(({ entries }) => entries)).toContainEqual(
      expect.objectContaining({ path: "/etc/gone", whiteout: "file" })
    )
  })

  it("throws what broke it off, unless a part is enough", async () => {
    const cut = app.replace("app", "broken")
    await expect(collect(client.peek({ image: cut }))).rejects.toMatchObject({
      code: "layer-corrupt",
      document: { entries_read: 1 }
    })
    const partial = await collect(client.peek({ image: cut, partial: true }))
    expect(partial).toMatchObject({ paths: ["/etc/motd"], summary: { complete: false } })
  })

  it("ends when nobody listens any more", async () => {
    for await (const step of client.peek({ image: app })) {
      expect(step.summary?.complete).not.toBe(false)
      break
    }
    const stop = new AbortController()
    stop.abort()
    await expect(collect(client.peek({ image: app }, { signal: stop.signal }))).rejects.toMatchObject({
      name: "AbortError"
    })
  })
})

describe("carve", () => {
  it("streams a file, and says where it was", async () => {
    const { bytes, ...rest } = await client.carve({ image: app, path: "/etc/link" })
    expect(await text(bytes)).toBe("welcome")
    expect(rest).toMatchObject({ size: 7, path: "/etc/motd", layer: expect.stringMatching(/^sha256:/u) })
    const odd = await client.carve({ image: app, path: "/etc/name with ?#&%" })
    expect(odd.path).toBe("/etc/name with ?#&%")
    expect(await text(odd.bytes)).toBe("odd")
  })

  it("throws what the file is not", async () => {
    await expect(client.carve({ image: app, path: "/etc/none" })).rejects.toMatchObject({ code: "file-not-found" })
  })
})

it("shows manifests, history and what was found by name", async () => {
  expect((await client.manifest({ image: app })).layers).toHaveLength(2)
  expect((await client.history({ limit: 1 })).entries).toHaveLength(1)
  expect((await client.search({ query: "MOTD" })).results).toMatchObject([{ path: "/etc/motd" }])
})
