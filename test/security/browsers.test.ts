import { Option } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseNetwork } from "../../src/domain/network/Address.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

const APP = "https://app.example"

let closed: Http
let open: Http
beforeAll(async () => {
  closed = await startHttp()
  open = await startHttp(undefined, allRoutes, {
    allowedOrigins: new Set([APP, "http://localhost:3000"]),
    trustedProxies: [Option.getOrThrow(parseNetwork("127.0.0.1"))]
  })
})
afterAll(() => Promise.all([closed.stop(), open.stop()]))

const cross = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith("access-control-"))

/** What is answered to a page of this origin, before its call and to it. */
const asked = async (http: Http, origin: string) => {
  const preflight = await fetch(`${http.url}/users/me/password`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "authorization" }
  })
  const call = await fetch(`${http.url}/users/me`, { headers: { origin } })
  return { preflight, call }
}

describe("26. Calls from pages of other origins", () => {
  it("are not answered to unless that is configured", async () => {
    const { preflight, call } = await asked(closed, APP)
    expect(preflight.ok).toBe(false)
    expect([...cross(preflight.headers), ...cross(call.headers)]).toEqual([])
  })

  it.each([
    "null",
    "https://app.example.evil.test",
    "https://evil-app.example",
    "https://sub.app.example",
    "http://app.example",
    "https://app.example:8443",
    "https://APP.example",
    "https://app.example/",
    "https://app.example https://evil.test",
    "*",
    ""
  ])("are not answered to the origin %j, which only looks like the one that is", async (origin) => {
    const { preflight, call } = await asked(open, origin)
    expect(preflight.ok).toBe(false)
    expect([...cross(preflight.headers), ...cross(call.headers)]).toEqual([])
    expect(call.headers.get("vary")).toContain("Origin")
  })

  it.each([APP, "http://localhost:3000"])(
    "are answered to the configured origin %s, with credentials",
    async (origin) => {
      const { preflight, call } = await asked(open, origin)
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, HEAD, POST, PUT, PATCH, DELETE")
      expect(preflight.headers.get("access-control-allow-headers")).toBe("Authorization, Content-Type")
      expect(preflight.headers.get("access-control-max-age")).toMatch(/^\d+$/u)
      expect(call.status).toBe(401)
      expect(call.headers.get("access-control-expose-headers")).toBe(
        "X-Request-Id, Retry-After, Keyhole-Layer, Keyhole-Path, Content-Disposition"
      )
      for (const { headers } of [preflight, call]) {
        expect(headers.get("access-control-allow-origin")).toBe(origin)
        expect(headers.get("access-control-allow-credentials")).toBe("true")
        expect(headers.get("vary")).toContain("Origin")
      }
    }
  )

  it("vary with the origin beside what else they vary with", async () => {
    const { headers } = await open.get("/docs/reference.js", undefined, { origin: APP })
    expect(headers.get("vary")?.split(", ").toSorted()).toEqual(["Accept-Encoding", "Origin"])
  })
})

describe("27. What answers tell a browser", () => {
  const paths = ["/livez", "/users/me", "/nothing/here", "/docs", "/problems/forbidden", "/%zz"]

  it.each(paths)(
    "%s forbids scripts inline, frames, guesses at types and referrers, and names no product",
    async (path) => {
      const { headers } = await closed.get(path)
      const policy = headers.get("content-security-policy") ?? ""
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toMatch(/script-src[^;]*(?:unsafe-inline|unsafe-eval|\*)/u)
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("x-frame-options")).toBe("DENY")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
      expect(headers.get("x-powered-by")).toBeNull()
      expect(headers.get("server")).toBeNull()
    }
  )

  it.each(paths)("%s promises TLS behind a proxy that took the request over it, and only then", async (path) => {
    const over = (http: Http, proto: string) => http.get(path, undefined, { "x-forwarded-proto": proto })
    const promise = async (answer: ReturnType<typeof over>) => (await answer).headers.get("strict-transport-security")
    expect(await promise(over(open, "https"))).toBe("max-age=31536000; includeSubDomains")
    expect(await promise(over(open, "http"))).toBeNull()
    expect(await promise(over(closed, "https"))).toBeNull()
  })

  it("keeps personal data and tokens out of every cache", async () => {
    const { access } = await newcomer(closed)
    expect((await closed.get("/users/me", access)).headers.get("cache-control")).toBe("no-store")
  })
})
