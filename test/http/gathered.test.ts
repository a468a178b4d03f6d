import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import { setImmediate as turn } from "node:timers/promises"
import { expect, it } from "vitest"
import { gathered } from "../../src/http/gathered.ts"

const come = () => {
  const request = new IncomingMessage(new Socket())
  return { request, response: new ServerResponse(request) }
}

it("serves what has come in a turn of the event loop when all of it has come, in its order", async () => {
  const served: Array<IncomingMessage> = []
  const serve = gathered((request) => served.push(request))
  const [first, second, third] = [come(), come(), come()]
  serve(first.request, first.response)
  serve(second.request, second.response)
  expect(served).toEqual([])
  await turn()
  expect(served).toEqual([first.request, second.request])
  serve(third.request, third.response)
  await turn()
  expect(served).toEqual([first.request, second.request, third.request])
})

it("serves at once what has a body, which comes in pieces that somebody has to take", () => {
  const served: Array<IncomingMessage> = []
  const serve = gathered((request) => served.push(request))
  for (const [name, value] of [
    ["content-length", "2"],
    ["transfer-encoding", "chunked"]
  ] as const) {
    const { request, response } = come()
    request.headers[name] = value
    serve(request, response)
    expect(served.at(-1)).toBe(request)
  }
})

it("serves nobody who has gone", async () => {
  const served: Array<IncomingMessage> = []
  const serve = gathered((request) => served.push(request))
  const [gone, there] = [come(), come()]
  serve(gone.request, gone.response)
  serve(there.request, there.response)
  gone.response.destroy()
  await turn()
  expect(served).toEqual([there.request])
})
