import { afterAll, describe, expect, it } from "vitest"
import { ada } from "../support/ada.ts"
import { rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const folder = disposableFolder()
const settings = {
  KEYHOLE_DATA_DIR: folder.path,
  KEYHOLE_ARGON2_MEMORY: "1024",
  KEYHOLE_ARGON2_TIME: "1",
  KEYHOLE_MAX_SESSIONS: "1000",
  KEYHOLE_RATE_LIMIT: "off"
}
const running = new Set<Service>()
const start = async () => {
  const service = await startService(settings)
  running.add(service)
  return { ...rest(service.url), kill: () => service.end("SIGKILL") }
}
afterAll(async () => {
  await Promise.all([...running].map(({ end }) => end("SIGKILL")))
  folder[Symbol.dispose]()
})

describe("16. The process killed midway", () => {
  it("what was revoked stays revoked, what was not goes on, and nothing is half of both", async () => {
    let service = await start()
    await service.post("/auth/register", ada)
    for (const killedAfter of [1, 7, 15]) {
      const { post, kill } = service
      const opened = await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          const mode = index % 2 === 0 ? "token" : "cookie"
          const { headers, body } = await post("/auth/login", { ...ada, mode })
          const cookie = headers.get("set-cookie")?.split(";")[0]
          return mode === "token"
            ? { token: String(body.access_token), refresh: String(body.refresh_token), headers: {} }
            : {
                token: undefined,
                refresh: undefined,
                headers: { cookie: String(cookie), "sec-fetch-site": "same-origin" }
              }
        })
      )
      let acknowledged = 0
      const ends = await Promise.all(
        opened.map(async ({ token, headers }) => {
          try {
            const { body } = await post("/auth/logout", undefined, token, headers)
            acknowledged += 1
            if (acknowledged === killedAfter) void kill()
            return body.revoked
          } catch {
            return undefined
          }
        })
      )
      expect(ends.filter((end) => end === true).length).toBeGreaterThanOrEqual(killedAfter)

      await kill()
      service = await start()
      for (const [index, { token, refresh, headers }] of opened.entries()) {
        const { status, body } = await service.get("/users/me", token, headers)
        if (ends[index] === true) expect({ status, code: body.code }).toEqual({ status: 401, code: "token-revoked" })
        else expect([200, 401]).toContain(status)
        if (refresh !== undefined) {
          // The session and its tokens ended in one unit of work, or not at all.
          expect((await service.post("/auth/refresh", { refresh_token: refresh })).status).toBe(status)
        }
      }
    }
  }, 120_000)
})
