import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

/** What a line of the exposition counts; 0 when there is none yet. */
const count = async (line: string) => {
  const { body } = await http.get("/metrics")
  const found = String(body)
    .split("\n")
    .find((each) => each.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}

describe("/metrics", () => {
  it("is text as Prometheus reads it, every metric with its help and type", async () => {
    const { status, headers, body } = await http.get("/metrics")
    expect(status).toBe(200)
    expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    for (const name of [
      "process_resident_memory_bytes",
      "process_cpu_seconds_total",
      "nodejs_eventloop_delay_seconds"
    ]) {
      expect(body).toMatch(new RegExp(`^# HELP ${name} .+\\n# TYPE ${name} (gauge|counter)$`, "mu"))
    }
    expect(await count("process_resident_memory_bytes")).toBeGreaterThan(10_000_000)
  })

  it("counts requests by the pattern of their route, so that no path makes a line of its own", async () => {
    const line = `keyhole_http_requests_total{method="GET",route="/problems/:code",status="404"}`
    const before = await count(line)
    await http.get("/problems/one")
    await http.get("/problems/two")
    await http.get("/nowhere/at/all")
    expect(await count(line)).toBe(before + 2)
    const { body } = await http.get("/metrics")
    expect(body).toContain(`keyhole_http_requests_total{method="GET",route="none",status="404"}`)
    expect(body).not.toContain("nowhere")
    expect(body).toContain(`keyhole_http_request_duration_seconds_bucket{method="GET",route="/problems/:code",le="1"}`)
  })

  it("counts sign-ins, those that fail by their reason, and who came with what token", async () => {
    const { email, access } = await newcomer(http)
    const failed = `keyhole_events_total{type="sign-in.failed",outcome="failure",reason="wrong-password"}`
    const accepted = `keyhole_authentications_total{outcome="accepted"}`
    const invalid = `keyhole_authentications_total{outcome="TokenInvalid"}`
    const before = [await count(failed), await count(accepted), await count(invalid)] as const
    await http.post("/auth/login", { email, password: `${PASSWORD}!` })
    await http.get("/users/me", access)
    await http.get("/users/me", "nonsense")
    expect([await count(failed), await count(accepted), await count(invalid)]).toEqual(before.map((each) => each + 1))
  })

  it("holds no address, name or token", async () => {
    const { email, access, refresh, session } = await newcomer(http)
    await http.get("/users/me", access)
    const { body } = await http.get("/metrics")
    for (const secret of [email, access, refresh, session]) expect(body).not.toContain(secret)
  })
})
