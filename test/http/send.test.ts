import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import { expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { send } from "../../src/http/send.ts"

/** A response to a client that reads nothing until the test says that it does. */
const unread = () => new ServerResponse(new IncomingMessage(new Socket()))

const sent = (response: ServerResponse, body: Stream.Stream<Uint8Array>) =>
  send("GET", response, { status: 200, headers: {}, body })

it.effect("waits for a slow client, and gives up one that takes nothing for a minute", () =>
  Effect.gen(function* () {
    let pulled = 0
    const chunks = Stream.make(1, 2, 3).pipe(
      Stream.rechunk(1),
      Stream.map(() => {
        pulled += 1
        return new Uint8Array(64 * 1024)
      })
    )
    const response = unread()
    const fiber = yield* Effect.forkChild(sent(response, chunks), { startImmediately: true })
    yield* TestClock.adjust("59 seconds")
    expect(pulled).toBe(1)
    response.emit("drain")
    yield* TestClock.adjust("59 seconds")
    expect(pulled).toBe(2)
    expect(fiber.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust("1 second")
    const exit = yield* Fiber.await(fiber)
    expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
    expect(pulled).toBe(2)
  })
)

it.effect("waits no longer with an answer that is there as a whole, and does not go at once", () =>
  Effect.gen(function* () {
    const response = unread()
    const large = { status: 200, headers: {}, body: "é".repeat(100_000) }
    const fiber = yield* Effect.forkChild(send<never>("GET", response, large), { startImmediately: true })
    expect(response.getHeader("Content-Length")).toBe("200000")
    yield* TestClock.adjust("59 seconds")
    expect(fiber.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust("1 second")
    expect(Exit.isFailure(yield* Fiber.await(fiber))).toBe(true)
  })
)

it.effect("waits no longer for the last bytes to go", () =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(sent(unread(), Stream.empty), { startImmediately: true })
    yield* TestClock.adjust("59 seconds")
    expect(fiber.pollUnsafe()).toBeUndefined()
    yield* TestClock.adjust("1 second")
    expect(Exit.isFailure(yield* Fiber.await(fiber))).toBe(true)
  })
)

it.effect("says what all answers say, unless the answer says otherwise itself", () =>
  Effect.gen(function* () {
    const response = unread()
    const written = new Map<string, unknown>()
    const fields = ["Cache-Control", "no-store", "X-Frame-Options", "DENY"]
    response.writeHead = (_status: number, all?: unknown) => {
      const given = Array.isArray(all) ? all : []
      for (let at = 0; at < given.length; at += 2) {
        expect(written.has(String(given[at]).toLowerCase())).toBe(false)
        written.set(String(given[at]).toLowerCase(), given[at + 1])
      }
      return response
    }
    const headers = { "Content-Type": "text/plain", "cache-control": "public" }
    yield* send<never>("GET", response, { status: 200, headers, body: "é" }, fields)
    expect(Object.fromEntries(written)).toEqual({
      "cache-control": "public",
      "x-frame-options": "DENY",
      "content-type": "text/plain",
      "content-length": "2"
    })
  })
)
