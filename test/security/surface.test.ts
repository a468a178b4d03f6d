import { connect } from "node:net"
import { text } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

/** What is answered to these lines, sent as they are. */
const exchange = (...lines: ReadonlyArray<string>) => {
  const socket = connect(Number(new URL(http.url).port), "127.0.0.1")
  socket.write([...lines, "Connection: close", "", ""].join("\r\n"))
  return text(socket)
}

describe("28. Malformed requests: uniform errors", () => {
  it.each(["bad first", "good first"])("two Authorization fields, the %s, are no caller", async (order) => {
    const { access } = await newcomer(http)
    const fields = ["Authorization: Bearer x", `Authorization: Bearer ${access}`]
    const sent = order === "bad first" ? fields : fields.toReversed()
    const answer = await exchange("GET /users/me HTTP/1.1", "Host: keyhole.test", ...sent)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u)
    expect(answer).toContain('"code":"invalid-request"')
  })

  it("two Host fields are refused", async () => {
    expect(await exchange("GET /livez HTTP/1.1", "Host: a.test")).toMatch(/^HTTP\/1\.1 200 /u)
    const answer = await exchange("GET /livez HTTP/1.1", "Host: a.test", "Host: b.test")
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u)
    expect(answer).toContain('"code":"invalid-request"')
  })
})
