import { once } from "node:events"
import { request } from "node:http"
import { connect } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { signedIn } from "../support/browser.ts"
import { type Http, newcomer, newcomerWith, startHttp } from "../support/http.ts"
import { peakBytes, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

/** Sends a request whose body comes only once `meanwhile` is over; the service has been told everything else by then. */
const slowly = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: object,
  meanwhile: () => Promise<unknown>
) =>
  new Promise<number | undefined>((resolve, reject) => {
    const text = JSON.stringify(body)
    const sent = request(`${http.url}${path}`, {
      method,
      headers: {
        ...headers,
        Expect: "100-continue",
        "Content-Type": "application/json",
        "Content-Length": text.length
      }
    })
    sent.on("continue", () => void meanwhile().then(() => sent.end(text), reject))
    sent.on("response", (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on("error", reject)
    sent.flushHeaders()
  })

/** Sends more of a body than is taken, and neither the rest nor its end; what comes back until the connection is closed. */
const unended = (headers: string) =>
  new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(http.url)
    const socket = connect(Number(port), hostname)
    let answer = ""
    socket.on("data", (piece) => {
      answer += piece.toString("latin1")
    })
    socket.on("error", reject)
    socket.on("close", () => resolve(answer))
    socket.write(`POST /auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`)
    socket.write(`${(100 * 1024).toString(16)}\r\n${" ".repeat(100 * 1024)}\r\n`)
  })

describe("A request that takes its time", () => {
  it("is acted upon when its session is still open", async () => {
    const { access } = await newcomer(http)
    const headers = { authorization: `Bearer ${access}` }
    expect(await slowly("PATCH", "/users/me", headers, { name: "slow" }, async () => undefined)).toBe(200)
    expect((await http.get("/users/me", access)).body.name).toBe("slow")
  })

  it("does nothing any more with a token whose session was closed before it was there as a whole", async () => {
    const { access, email } = await newcomer(http)
    const { body: other } = await http.post("/auth/login", { email, password: PASSWORD })
    const headers = { authorization: `Bearer ${access}` }
    const logOut = () => http.post("/auth/logout", undefined, access)
    expect(await slowly("PATCH", "/users/me", headers, { name: "late" }, logOut)).toBe(401)
    expect((await http.get("/users/me", other.access_token)).body.name).not.toBe("late")
  })

  it("does nothing any more with a cookie whose session was closed before it was there as a whole", async () => {
    const { access, email } = await newcomer(http)
    const own = await signedIn(http.url, { email, password: PASSWORD })
    const headers = { cookie: own.cookie(), origin: http.url }
    const logOut = () => own.call("POST", "/auth/logout")
    expect(await slowly("PATCH", "/users/me", headers, { name: "late" }, logOut)).toBe(401)
    expect((await http.get("/users/me", access)).body.name).not.toBe("late")
  })

  it("does nothing any more for somebody who has lost the permission by then", async () => {
    const admin = await newcomerWith(http, "admin")
    const { access, id } = await newcomerWith(http, "operator")
    const path = "/registries/registry.example.com/credentials"
    const headers = { authorization: `Bearer ${access}` }
    const demote = () => http.put(`/users/${id}/roles`, { roles: ["viewer"] }, admin.access)
    expect(await slowly("PUT", path, headers, { username: "ada", password: "secret" }, demote)).toBe(403)
  })
})

describe("A body in pieces", () => {
  it("of one byte takes no more memory than it has bytes", async () => {
    using folder = disposableFolder()
    const service = await startService({ KEYHOLE_DATA_DIR: folder.path })
    const { port } = new URL(service.url)
    const before = peakBytes(service)
    const crumbs = `1\r\n \r\n`.repeat(20_000)
    const sockets = Array.from({ length: 25 }, () => connect(Number(port), "127.0.0.1"))
    await Promise.all(
      sockets.map(async (socket) => {
        socket.write(
          "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await new Promise<void>((resolve) => socket.write(crumbs, () => resolve()))
      })
    )
    const answers = sockets.map((socket) => {
      socket.write("0\r\n\r\n")
      return once(socket, "data")
    })
    for (const [answer] of await Promise.all(answers)) expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /u)
    for (const socket of sockets) socket.destroy()
    expect(peakBytes(service) - before).toBeLessThan(64 * 1024 * 1024)
    await service.end("SIGTERM")
  })
})

describe("A body without end", () => {
  it.each(["Transfer-Encoding: chunked", "Content-Length: 9999999999"])(
    "is refused when too much of it has come, and not waited for, with %s",
    async (headers) => {
      expect(await unended(headers)).toMatch(/^HTTP\/1\.1 413 .*Connection: close/su)
    }
  )
})
