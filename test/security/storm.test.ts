import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Rest, rest } from "../support/rest.ts"
import { peakBytes, type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const MiB = 1024 * 1024

const folder = disposableFolder()
let service: Service
let http: Rest
beforeAll(async () => {
  service = await startService({
    KEYHOLE_DATA_DIR: folder.path,
    KEYHOLE_TRUST_PROXY: "127.0.0.1",
    KEYHOLE_ARGON2_CONCURRENCY: "1",
    KEYHOLE_ARGON2_QUEUE: "16"
  })
  http = rest(service.url)
})
afterAll(async () => {
  await service.end("SIGTERM")
  folder[Symbol.dispose]()
})

describe("20. Five hundred sign-ins at once", () => {
  it("leave everybody else served and the memory bounded; the surplus is told when to come back", async () => {
    const email = "ada@example.com"
    await http.post("/auth/register", { email, password: PASSWORD })
    // Of an account of its own: whoever signs in seventeen times closes their oldest sessions.
    const reader = await http.post("/auth/register", { email: "reader@example.com", password: PASSWORD })
    const before = peakBytes(service)

    const state = { isOver: false }
    const storm = Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        http.post("/auth/login", { email, password: PASSWORD }, undefined, {
          "x-forwarded-for": `198.51.${100 + (index >> 8)}.${index & 255}`
        })
      )
    ).finally(() => {
      state.isOver = true
    })
    const reads: Array<number> = []
    while (!state.isOver) {
      const start = performance.now()
      expect((await http.get("/users/me", reader.body.access_token)).status).toBe(200)
      reads.push(performance.now() - start)
    }
    const answers = await storm

    expect(reads.length).toBeGreaterThan(3)
    expect(Math.max(...reads)).toBeLessThan(5000)
    expect(peakBytes(service) - before).toBeLessThan(256 * MiB)
    const [served, refused] = [200, 503].map((status) => answers.filter((answer) => answer.status === status))
    expect((served?.length ?? 0) + (refused?.length ?? 0)).toBe(500)
    expect(served?.length).toBeGreaterThanOrEqual(17)
    expect(refused?.length).toBeGreaterThan(0)
    for (const answer of refused ?? []) {
      expect(answer.body.code).toBe("overloaded")
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1)
    }
    expect((await http.post("/auth/login", { email, password: PASSWORD })).status).toBe(200)
  }, 120_000)
})
