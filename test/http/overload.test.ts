import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { constants, createZstdCompress, gzipSync } from "node:zlib"
import { Effect, Exit, Latch, Layer, Schema, Scope, Stream } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { LayerDecoder } from "../../src/domain/image/LayerDecoder.ts"
import { ReadingRoom } from "../../src/domain/image/ReadingRoom.ts"
import { ListingLine } from "../../src/http/api/imageDocuments.ts"
import { readingRoom } from "../../src/infra/image/ReadingRoom.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { decoder } from "../support/decoder.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { open, registries } from "../support/registry/session.ts"
import { until } from "../support/until.ts"

const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let http: Http

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
  registry.put("team/app", image([gzipSync(tarball({ name: "a", content: "b" }))]), "1")
  const room = Layer.succeed(ReadingRoom, readingRoom({ atOnce: 2, queue: 0 }))
  http = await startHttp(Layer.merge(registries(open(registry.host)), room))
})

afterAll(async () => {
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

it("answers 503 with Retry-After to a user who has too many readings, and not to others", async () => {
  const [ada, bob] = [await newcomer(http), await newcomer(http)]
  const query = `image=${registry.host}/team/app:1`
  let stalled = false
  registry.on("/blobs/", () => (stalled = true), 1)
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${ada.access}` }
  const first = fetch(`${http.url}/images/files?${query}`, { headers, signal: gone.signal }).catch(() => undefined)
  await until(() => stalled)

  const looks = ["files", "file?path=/a", "manifest", "tags", "search?query=a"]
  for (const look of looks) {
    const refused = await http.get(`/images/${look}${look.includes("?") ? "&" : "?"}${query}`, ada.access)
    expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } })
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1)
  }
  for (const look of looks) {
    const shown = await http.get(`/images/${look}${look.includes("?") ? "&" : "?"}${query}`, bob.access)
    expect(shown.status, look).toBe(200)
  }

  gone.abort()
  await first
  await until(() => registry.connections.size === 0)
  expect(await http.get(`/images/files?${query}`, ada.access)).toMatchObject({ status: 200 })
})

/** An archive whose frame says that it wants a long window: one that knows its length would want no more than that. */
const windowed = () => {
  const archive = tarball({ name: "c", content: "d".repeat(500_000) })
  const params = { [constants.ZSTD_c_windowLog]: 27 }
  return buffer(Readable.from([archive.subarray(0, 512), archive.subarray(512)]).pipe(createZstdCompress({ params })))
}

/** In the middle of such a layer until the scope ends. */
const reading = Effect.fnUntraced(function* (layer: Buffer) {
  const begun = yield* Latch.make()
  const unended = Stream.concat(Stream.make(layer.subarray(0, -4)), Stream.never)
  const decoded = (yield* LayerDecoder).decode(unended, 2 ** 20)
  yield* Effect.forkScoped(
    Stream.runForEach(decoded, () => begun.open),
    { startImmediately: true }
  )
  yield* begun.await
})

it("tells in a line that the window of a layer has no room beside those of others, as it is declared", async () => {
  const { access } = await newcomer(http)
  const layer = await windowed()
  registry.put("team/windowed", image([layer, gzipSync(tarball({ name: "a", content: "b" }))]), "1")
  const query = `image=${registry.host}/team/windowed:1`
  const lines = async (partial: boolean): Promise<ReadonlyArray<unknown>> => {
    const headers = { authorization: `Bearer ${access}`, accept: "application/x-ndjson" }
    const listing = await fetch(`${http.url}/images/files?${query}&partial=${partial}`, { headers })
    expect(listing.status).toBe(200)
    const all = (await listing.text()).trimEnd().split("\n")
    return all.map((line) => Schema.decodeUnknownSync(ListingLine, { onExcessProperty: "error" })(JSON.parse(line)))
  }
  const problem = { code: "overloaded", status: 503, entries_read: 1 }

  await Effect.gen(function* () {
    yield* Effect.forEach([1, 2, 3], () => reading(layer))
    expect(yield* Effect.promise(() => lines(false))).toMatchObject([{ path: "/a" }, { problem }])
    const summary = { complete: false, problem }
    expect(yield* Effect.promise(() => lines(true))).toMatchObject([{ path: "/a" }, { summary }])
    const whole = yield* Effect.promise(() => http.get(`/images/files?${query}`, access))
    expect(whole).toMatchObject({ status: 503, body: { code: "overloaded" } })
    expect(Number(whole.headers.get("retry-after"))).toBeGreaterThanOrEqual(1)
  }).pipe(Effect.scoped, Effect.provide(decoder), Effect.runPromise)
  expect(await lines(false)).toMatchObject([{ path: "/a" }, { path: "/c" }, { summary: { complete: true } }])
})
