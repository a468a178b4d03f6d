import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createClient } from "redis"
import { ada } from "../support/ada.ts"
import { chooser } from "./support/chooser.ts"
import { type Cluster, startCluster } from "./support/cluster.ts"
import { eventually } from "./support/eventually.ts"
import { traffic } from "./support/traffic.ts"

const LONG = 240_000

interface Fault {
  readonly name: string
  readonly begin: (cluster: Cluster, choose: (count: number) => number) => Promise<void>
  readonly end?: (cluster: Cluster) => Promise<void>
}

const ofRedis: ReadonlyArray<Fault> = [
  { name: "Redis killed", begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.start() },
  {
    name: "Redis stopped",
    begin: async ({ redis }) => redis.signal("SIGSTOP"),
    end: async ({ redis }) => redis.signal("SIGCONT")
  },
  {
    name: "Redis flushed",
    begin: async ({ redis }) => {
      const client = await createClient({ url: redis.url }).connect()
      await client.flushAll()
      await client.close()
    }
  },
  {
    name: "Redis restarted empty",
    begin: async ({ redis }) => {
      await redis.kill()
      await redis.start()
    }
  }
]

const ofTheRest: ReadonlyArray<Fault> = [
  {
    name: "PostgreSQL restarted",
    begin: async ({ postgres }) => {
      await postgres.stop()
      await postgres.start()
    }
  },
  {
    name: "an instance killed",
    begin: async ({ instances }, choose) => instances[choose(instances.length)]?.replace()
  },
  {
    name: "an instance stopped",
    begin: async ({ instances }, choose) => instances[choose(instances.length)]?.stop(),
    end: async ({ instances }) => {
      for (const each of instances) if (each.isStopped) each.go()
    }
  }
]

describe("two instances over one PostgreSQL and one Redis, with traffic running", () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster(2)
  }, LONG)
  afterAll(() => cluster.stop(), LONG)

  /** Begins the fault after some revocations were acknowledged, and ends it after some more. */
  const live = async ({ begin, end }: Fault, choose: (count: number) => number, before = 10, meanwhile = 10) => {
    const running = await traffic(cluster, choose)
    await running.some(before)
    await begin(cluster, choose)
    if (end !== undefined) {
      await running.some(meanwhile)
      await end(cluster)
    }
    await running.some()
    const counted = await running.settle()
    expect(running.wrong).toEqual([])
    expect(counted.revoked).toBeGreaterThan(before + 10)
    return running
  }

  it(
    "a log-out on one is refused by the other as soon as it is answered, each time",
    async () => {
      const [here, there] = cluster.instances.map((each) => each.rest)
      if (here === undefined || there === undefined) throw new Error("there are two")
      await here.post("/auth/register", ada)
      for (let round = 0; round < 200; round += 1) {
        const { body } = await here.post("/auth/login", ada)
        expect((await there.get("/users/me", body.access_token)).status).toBe(200)
        expect((await here.post("/auth/logout", undefined, body.access_token)).body.revoked).toBe(true)
        expect(await there.get("/users/me", body.access_token)).toMatchObject({
          status: 401,
          body: { code: "token-revoked" }
        })
      }
    },
    LONG
  )

  it.each(ofRedis)(
    "$name: every revocation holds, nobody is signed out, and nobody is refused for it",
    async (fault) => {
      const { refusals } = await live(fault, chooser(1))
      expect(refusals).toEqual([])
    },
    LONG
  )

  it("says in /readyz that Redis is lost, and works on; and that it is back", async () => {
    const [here] = cluster.instances
    const state = async () => (await here?.rest.get("/readyz"))?.body
    await cluster.redis.kill()
    await eventually(async () => (await state()).status === "degraded")
    expect((await state()).checks).toEqual([
      { name: "database", state: "up" },
      { name: "redis", state: "down" }
    ])
    await cluster.redis.start()
    await eventually(async () => (await state()).status === "ok")
    expect(here?.output).toMatch(/Redis at 127\.0\.0\.1:\d+ is lost/u)
    expect(here?.output).toMatch(/Redis at 127\.0\.0\.1:\d+ is back/u)
  })

  it.each(ofTheRest)(
    "$name: every revocation that was acknowledged holds, and nobody is signed out",
    async (fault) => void (await live(fault, chooser(2))),
    LONG
  )

  const seed = Number(process.env["KEYHOLE_FAULT_SEED"] ?? Math.trunc(Math.random() * 2 ** 31))

  it.each([seed, seed + 1, seed + 2])(
    "any fault at any point: KEYHOLE_FAULT_SEED=%d",
    async (each) => {
      const choose = chooser(each)
      const all = [...ofRedis, ...ofTheRest]
      const fault = all[choose(all.length)]
      if (fault === undefined) throw new Error("there is one")
      await live(fault, choose, 1 + choose(20), 1 + choose(12))
    },
    LONG
  )
})

describe("an instance whose database hangs", () => {
  it(
    "refuses within seconds what it cannot know, answers a log-out honestly, and is back by itself",
    async () => {
      const cluster = await startCluster(1)
      try {
        const [only] = cluster.instances
        if (only === undefined) throw new Error("there is one")
        const { get, post } = only.rest
        const { body } = await post("/auth/register", ada)
        cluster.postgres.signal("SIGSTOP")
        await eventually(async () => (await get("/users/me", body.access_token)).status === 503)
        const begun = performance.now()
        const refused = await get("/users/me", body.access_token)
        expect(refused).toMatchObject({ status: 503, body: { code: "storage-unavailable" } })
        expect(refused.headers.get("retry-after")).toMatch(/^\d+$/u)
        expect(performance.now() - begun).toBeLessThan(5000)
        expect(await post("/auth/logout", undefined, body.access_token)).toMatchObject({
          status: 200,
          body: { revoked: false }
        })
        expect((await get("/livez")).status).toBe(200)
        expect((await get("/.well-known/jwks.json")).status).toBe(200)
        expect((await get("/readyz")).status).toBe(503)
        cluster.postgres.signal("SIGCONT")
        await eventually(async () => (await get("/users/me", body.access_token)).status === 200)
        expect(only.output).toMatch(/the database is lost/u)
        expect(only.output).toMatch(/the database is back/u)
      } finally {
        cluster.postgres.signal("SIGCONT")
        await cluster.stop()
      }
    },
    LONG
  )
})
