import { Option } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseNetwork } from "../../src/domain/network/Address.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let direct: Http
let proxied: Http
beforeAll(async () => {
  direct = await startHttp()
  const trustedProxies = [Option.getOrThrow(parseNetwork("127.0.0.0/8"))]
  proxied = await startHttp(undefined, allRoutes, { trustedProxies })
})
afterAll(() => Promise.all([direct.stop(), proxied.stop()]))

/** The address of the session that somebody opens who sends this `X-Forwarded-For`. */
const addressSeen = async (http: Http, forwardedFor: string) => {
  const { email } = await newcomer(http)
  const credentials = { email, password: PASSWORD }
  const signedIn = await http.post("/auth/login", credentials, undefined, { "x-forwarded-for": forwardedFor })
  const { body } = await http.get("/sessions", signedIn.body.access_token)
  return body.sessions.find((session: { readonly id: string }) => session.id === signedIn.body.session_id).ip_address
}

describe("the address of a client", () => {
  it("is the peer's, whatever X-Forwarded-For claims, unless a proxy is configured", async () => {
    expect(await addressSeen(direct, "203.0.113.7")).toBe("127.0.0.1")
  })

  it("is the one that the configured proxy names", async () => {
    expect(await addressSeen(proxied, "203.0.113.7")).toBe("203.0.113.7")
    expect(await addressSeen(proxied, "198.51.100.1, 2001:db8::7")).toBe("2001:db8::7")
    expect(await addressSeen(proxied, "203.0.113.7, 127.0.0.9")).toBe("203.0.113.7")
    expect(await addressSeen(proxied, "203.0.113.7, nonsense")).toBe("127.0.0.1")
  })
})
