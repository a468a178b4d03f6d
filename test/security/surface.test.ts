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

const DEEP = 20_000

describe("28. Malformed requests: uniform errors", () => {
  const bodies: ReadonlyArray<readonly [what: string, body: string, type: string, status: number]> = [
    ["broken off", '{"email":', "application/json", 400],
    ["no JSON at all", "email=ada@example.com", "application/json", 400],
    ["of the wrong type", '{"email":"ada@example.com"}', "text/plain", 415],
    ["of a type that HTML forms send", "{}", "application/x-www-form-urlencoded", 415],
    ["nested deeply", `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`, "application/json", 422],
    [
      "nested deeply where a text is due",
      `{"email":${'{"a":'.repeat(DEEP / 4)}1${"}".repeat(DEEP / 4)}}`,
      "application/json",
      422
    ],
    [
      "with a name over and over, far within",
      `${"[".repeat(DEEP)}{${Array.from({ length: 3000 }, () => '"a":1').join(",")}}${"]".repeat(DEEP)}`,
      "application/json",
      422
    ],
    [
      "with prototype keys",
      '{"__proto__":{"roles":["admin"]},"constructor":{"prototype":{}}}',
      "application/json",
      422
    ],
    ["too large", `{"email":"${"x".repeat(70_000)}"}`, "application/json", 413],
    ["a number", "1e400", "application/json", 422],
    ["null", "null", "application/json", 422]
  ]

  it.each(bodies)("a body that is %s", async (_what, body, type, status) => {
    const response = await fetch(`${http.url}/auth/login`, { method: "POST", headers: { "content-type": type }, body })
    const answered = await response.text()
    expect(response.status).toBe(status)
    expect(response.headers.get("content-type")).toBe("application/problem+json")
    expect(JSON.parse(answered)).toMatchObject({
      type: "/problems/invalid-request",
      code: "invalid-request",
      instance: response.headers.get("x-request-id")
    })
    expect(answered).not.toMatch(/\bat .+:\d+|node_modules|node:|SyntaxError|RangeError|\.ts\b/u)
    expect(answered.length).toBeLessThan(8192)
    expect(Object.prototype).not.toHaveProperty("roles")
    expect((await http.get("/livez")).status).toBe(200)
  })

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
