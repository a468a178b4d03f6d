import { setTimeout as pause } from "node:timers/promises"
import { get as plainGet } from "node:http"
import { Effect, Schedule, Schema, Stream } from "effect"
import { HttpApiEndpoint, HttpApiSchema } from "effect/http-api"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { LayerCorrupt } from "../../src/domain/image/LayerError.ts"
import { StorageUnavailable } from "../../src/domain/storage/StorageUnavailable.ts"
import { problems } from "../../src/http/api/problem/schemas.ts"
import type { Reply } from "../../src/http/Reply.ts"
import { rawRoute, route } from "../../src/http/route.ts"
import { type Http, startHttp } from "../support/http.ts"
import { until } from "../support/until.ts"

const bytes = HttpApiSchema.StreamUint8Array()
let opened = 0
let closed = 0
let pulled = 0

/** An answer that holds something open for as long as its bytes flow. */
const held = Effect.acquireRelease(
  Effect.sync(() => {
    opened += 1
  }),
  () =>
    Effect.sync(() => {
      closed += 1
    })
)

const streaming = <R>(path: `/${string}`, body: Stream.Stream<Uint8Array, LayerCorrupt, R>) =>
  rawRoute(HttpApiEndpoint.get("stream", path, { success: bytes }), () =>
    Effect.as(held, { status: 200, headers: { "Content-Type": "application/octet-stream" }, body } satisfies Reply<R>)
  )

const chunk = new Uint8Array(64 * 1024)
const endless = Stream.repeat(Stream.succeed(chunk), Schedule.forever).pipe(
  Stream.tap(() =>
    Effect.sync(() => {
      pulled += 1
    })
  )
)

const die = route(HttpApiEndpoint.get("die", "/die", { success: Schema.Void }), () =>
  Effect.die(new Error("canary secret"))
)
const unavailable = route(
  HttpApiEndpoint.get("unavailable", "/unavailable", { success: Schema.Void, error: problems("storage-unavailable") }),
  () => Effect.fail(new StorageUnavailable({ store: "database", cause: new Error("canary secret") }))
)
const never = rawRoute(HttpApiEndpoint.get("never", "/never", { success: bytes }), () =>
  Effect.andThen(held, Effect.never)
)

let http: Http
beforeAll(async () => {
  http = await startHttp(undefined, [
    streaming("/endless", endless),
    streaming("/short", Stream.make(chunk, chunk)),
    streaming("/broken", Stream.concat(Stream.succeed(chunk), Stream.fail(new LayerCorrupt({ reason: "cut short" })))),
    die,
    unavailable,
    never
  ])
})
afterAll(() => http.stop())
beforeEach(() => {
  opened = 0
  closed = 0
  pulled = 0
})

describe("the adapter", () => {
  it("keeps an answer's scope open until its last byte, and not longer", async () => {
    const response = await fetch(`${http.url}/short`)
    expect((await response.arrayBuffer()).byteLength).toBe(2 * chunk.length)
    await until(() => closed === 1)
    expect(opened).toBe(1)
  })

  it("ends the answer at once when the client goes away while bytes flow", async () => {
    const away = new AbortController()
    const response = await fetch(`${http.url}/endless`, { signal: away.signal })
    await response.body?.getReader().read()
    expect(closed).toBe(0)
    away.abort()
    await until(() => closed === 1)
  })

  it("ends the work at once when the client goes away before there is an answer", async () => {
    const away = new AbortController()
    const waiting = fetch(`${http.url}/never`, { signal: away.signal }).catch(() => undefined)
    await until(() => opened === 1)
    away.abort()
    await until(() => closed === 1)
    await waiting
  })

  it("pulls no faster than the client reads", async () => {
    const outgoing = plainGet(`${http.url}/endless`, (response) => response.pause())
    await until(() => pulled > 0)
    let before = -1
    while (before !== pulled) {
      before = pulled
      await pause(100)
    }
    // What the sockets' buffers take, on both ends.
    expect(pulled * chunk.length).toBeLessThan(32 * 1024 * 1024)
    outgoing.destroy()
    await until(() => closed === 1)
  })

  it("cuts the connection when an answer breaks midway, so that a part never looks whole", async () => {
    const response = await fetch(`${http.url}/broken`)
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow()
    await until(() => closed === 1)
  })

  it("answers HEAD to a stream with its header fields and reads none of it", async () => {
    const response = await fetch(`${http.url}/endless`, { method: "HEAD" })
    expect(response.headers.get("content-type")).toBe("application/octet-stream")
    await until(() => closed === 1)
    expect(pulled).toBe(0)
  })

  it.each([
    ["/die", 500, "internal-error"],
    ["/unavailable", 503, "storage-unavailable"]
  ])("says nothing of the inside: %s is %i", async (path, status, code) => {
    const answer = await http.get(path)
    expect(answer).toMatchObject({ status, body: { code, instance: answer.headers.get("x-request-id") } })
    expect(JSON.stringify(answer.body)).not.toMatch(/canary|Error|\.ts/u)
    if (status === 503) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/u)
  })
})
