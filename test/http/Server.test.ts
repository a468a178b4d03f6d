import { Agent, get } from "node:http"
import { connect } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { Deferred, Effect, Layer, Schema, Stream } from "effect"
import { HttpApiEndpoint, HttpApiSchema } from "effect/http-api"
import { describe, expect, it } from "vitest"
import type { Reply } from "../../src/http/Reply.ts"
import { rawRoute, route } from "../../src/http/route.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import * as Server from "../../src/http/Server.ts"
import { ServerSettings } from "../../src/http/ServerSettings.ts"
import { startHttp } from "../support/http.ts"

const gate = () => Deferred.makeUnsafe<void>()

const waiting = (started: Deferred.Deferred<void>, open: Deferred.Deferred<void>) =>
  route(
    HttpApiEndpoint.get("wait", "/wait", { success: Schema.Struct({ done: Schema.Boolean }) }),
    Effect.fnUntraced(function* () {
      yield* Deferred.succeed(started, undefined)
      yield* Deferred.await(open)
      return { done: true }
    })
  )

/** An answer whose beginning goes out long before its end. */
const dripping = (started: Deferred.Deferred<void>, open: Deferred.Deferred<void>) =>
  rawRoute(HttpApiEndpoint.get("drip", "/drip", { success: HttpApiSchema.StreamUint8Array() }), () =>
    Effect.succeed({
      status: 200,
      headers: { "Content-Type": "application/octet-stream" },
      body: Stream.concat(
        Stream.succeed(new Uint8Array(8)),
        Stream.fromEffectDrain(Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(open)))
      )
    } satisfies Reply)
  )

const ask = (url: string, agent: Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.on("end", () => resolve({ status: response.statusCode, connection: response.headers.connection }))
    }).on("error", reject)
  })

describe("a server that is told to stop", () => {
  it("finishes what is in flight", async () => {
    const [started, open] = [gate(), gate()]
    const http = await startHttp(undefined, [waiting(started, open)])
    const answer = http.get("/wait")
    await Effect.runPromise(Deferred.await(started))
    const stopped = http.stop()
    await pause(400)
    await Effect.runPromise(Deferred.succeed(open, undefined))
    expect(await answer).toMatchObject({ status: 200, body: { done: true } })
    await stopped
    await expect(fetch(http.url)).rejects.toThrow()
  })

  it.each(["/wait", "/drip"])("waits for no connection that is kept alive after its last answer: %s", async (path) => {
    const [started, open] = [gate(), gate()]
    const http = await startHttp(undefined, [waiting(started, open), dripping(started, open)])
    const agent = new Agent({ keepAlive: true })
    const answer = ask(`${http.url}${path}`, agent)
    await Effect.runPromise(Deferred.await(started))
    // A stream's header fields have gone out by then: they can no longer say that the connection will close.
    await pause(50)
    const before = Date.now()
    const stopped = http.stop()
    await Effect.runPromise(Deferred.succeed(open, undefined))
    expect(await answer).toEqual({ status: 200, connection: path === "/wait" ? "close" : "keep-alive" })
    await stopped
    expect(Date.now() - before).toBeLessThan(2000)
    agent.destroy()
  })

  it("says on /readyz that it is not ready, before it stops to accept, and asks connections to close", async () => {
    const [started, open] = [gate(), gate()]
    const http = await startHttp(undefined, [...allRoutes, waiting(started, open)])
    const answer = http.get("/wait")
    await Effect.runPromise(Deferred.await(started))
    const agent = new Agent({ keepAlive: true })
    expect(await ask(`${http.url}/readyz`, agent)).toMatchObject({ status: 200, connection: "keep-alive" })
    const stopped = http.stop()
    await pause(50)
    expect(await ask(`${http.url}/readyz`, agent)).toEqual({ status: 503, connection: "close" })
    await Effect.runPromise(Deferred.succeed(open, undefined))
    await Promise.all([answer, stopped])
    agent.destroy()
  })

  it("interrupts at its deadline what would not end, within five seconds", async () => {
    const [started, open] = [gate(), gate()]
    const http = await startHttp(undefined, [waiting(started, open)])
    const answer = http.get("/wait").catch(() => "cut off")
    await Effect.runPromise(Deferred.await(started))
    const before = Date.now()
    await http.stop()
    expect(Date.now() - before).toBeLessThan(5000)
    expect(await answer).toBe("cut off")
  })

  it("stops at once when nobody is connected", async () => {
    const http = await startHttp()
    const before = Date.now()
    await http.stop()
    expect(Date.now() - before).toBeLessThan(200)
  })
})

describe("a connection on which nonsense follows a request", () => {
  it("is cut off, and nothing is written into the answer that is under way", async () => {
    const [started, open] = [gate(), gate()]
    const http = await startHttp(undefined, [dripping(started, open)])
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(http.url).port), "127.0.0.1", () =>
        socket.write("GET /drip HTTP/1.1\r\nHost: x\r\n\r\n")
      )
      let received = ""
      socket.on("data", (chunk) => {
        if (received === "") socket.write("nonsense\r\n\r\n")
        received += chunk.toString("latin1")
      })
      socket.on("close", () => resolve(received))
      socket.on("error", reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 /u)
    expect(answer).not.toContain("400 Bad Request")
    await http.stop()
  })
})

describe("a server that cannot listen", () => {
  it("says where and why", async () => {
    const http = await startHttp()
    const port = Number(new URL(http.url).port)
    const second = Layer.provide(
      Server.layer<never>([]),
      Layer.succeed(ServerSettings, { host: "127.0.0.1", port, trustedProxies: [], allowedOrigins: new Set<string>() })
    )
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(second))))
    expect(error).toMatchObject({
      _tag: "CannotListen",
      message: expect.stringMatching(new RegExp(`HOST 127.0.0.1, PORT ${port}: .*EADDRINUSE`, "u"))
    })
    await http.stop()
  })
})
