import { gzipSync } from "node:zlib"
import { Effect, Exit, Layer, Scope } from "effect"
import { afterAll, beforeAll, expect, it } from "vitest"
import { ReadingRoom } from "../../src/domain/image/ReadingRoom.ts"
import { readingRoom } from "../../src/infra/image/ReadingRoom.ts"
import { tarball } from "../domain/image/support/tarball.ts"
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
