import { Effect, Option } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseNetwork } from "../../src/domain/network/Address.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { type Answer, rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

let proxied: Http
let direct: Http
beforeAll(async () => {
  const trustedProxies = [Option.getOrThrow(parseNetwork("127.0.0.1"))]
  proxied = await startHttp(undefined, allRoutes, { trustedProxies })
  direct = await startHttp()
})
afterAll(() => Promise.all([proxied.stop(), direct.stop()]))

const WRONG = "not the lighthouse"

const signIn = (email: string, password: string, from: string, http = proxied) =>
  http.post("/auth/login", { email, password }, undefined, { "x-forwarded-for": from })

/** Somebody who has signed in from `home`. */
const somebodyAt = async (home: string) => {
  const { email } = await newcomer(proxied)
  expect((await signIn(email, PASSWORD, home)).status).toBe(200)
  return email
}

const inTurn = async (count: number, each: (index: number) => Promise<Answer>) => {
  const statuses: Array<number> = []
  for (let index = 0; index < count; index++) statuses.push((await each(index)).status)
  return statuses
}

const all = (count: number, status: number) => Array.from({ length: count }, () => status)

const limited = (answer: Answer) => {
  expect(answer).toMatchObject({ status: 429, body: { code: "rate-limited", type: "/problems/rate-limited" } })
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(60)
}

const plain = ({ status, headers, body }: Answer) => ({
  status,
  headers: [...headers].filter(([name]) => !/^(?:x-request-id|date|retry-after)$/u.test(name)),
  body: { ...body, instance: "" }
})

let addresses = 0
/** An address that nobody has used. */
const fresh = () => `198.51.${100 + (++addresses >> 8)}.${addresses & 255}`

describe("19. Guessing", () => {
  it("from one address on one account ends after ten failures, the right password included", async () => {
    const home = fresh()
    const email = await somebodyAt(home)
    const attacker = fresh()
    expect(await inTurn(10, () => signIn(email, WRONG, attacker))).toEqual(all(10, 401))
    limited(await signIn(email, WRONG, attacker))
    limited(await signIn(email, PASSWORD, attacker))
    expect((await signIn(email, PASSWORD, home)).status).toBe(200)
    expect((await signIn(email, PASSWORD, fresh())).status).toBe(200)
  })

  it("is answered for an account that does not exist as for one that does", async () => {
    const email = await somebodyAt(fresh())
    const attacker = fresh()
    for (let attempt = 0; attempt < 12; attempt++) {
      const [known, unknown] = [
        await signIn(email, WRONG, attacker),
        await signIn("nobody@example.com", WRONG, attacker)
      ]
      expect(plain(known)).toEqual(plain(unknown))
      expect(known.status).toBe(attempt < 10 ? 401 : 429)
    }
  })

  it("fifty times at once tells ten outcomes and no more", async () => {
    const email = await somebodyAt(fresh())
    const attacker = fresh()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => signIn(email, at === 49 ? PASSWORD : WRONG, attacker))
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(39)
  })

  it("over many addresses on one account slows it for strangers; its owner signs in where they did before", async () => {
    const home = fresh()
    const email = await somebodyAt(home)
    expect(await inTurn(100, () => signIn(email, WRONG, fresh()))).toEqual(all(100, 401))
    limited(await signIn(email, WRONG, fresh()))
    limited(await signIn(email, PASSWORD, fresh()))
    expect((await signIn(email, PASSWORD, home)).status).toBe(200)
  })

  it("from one address on many accounts ends after a hundred failures, for every account and for new ones", async () => {
    const home = fresh()
    const email = await somebodyAt(home)
    const attacker = fresh()
    expect(await inTurn(100, (index) => signIn(`name${index}@example.com`, WRONG, attacker))).toEqual(all(100, 401))
    limited(await signIn("another@example.com", WRONG, attacker))
    limited(await signIn(email, PASSWORD, attacker))
    const from = { "x-forwarded-for": attacker }
    limited(await proxied.post("/auth/register", { email: "new@example.com", password: PASSWORD }, undefined, from))
    expect((await signIn(email, PASSWORD, home)).status).toBe(200)
  })

  it("whether addresses are taken is guessing too", async () => {
    const email = await somebodyAt(fresh())
    const from = { "x-forwarded-for": fresh() }
    const ask = () => proxied.post("/auth/register", { email, password: PASSWORD }, undefined, from)
    expect(await inTurn(100, ask)).toEqual(all(100, 409))
    limited(await ask())
  })

  it("from all over an IPv6 /64 is guessing from one address", async () => {
    const email = await somebodyAt(fresh())
    const from = (index: number) => `2001:db8:0:${index >> 8}:a:b:c:${index.toString(16)}`
    expect(await inTurn(10, (index) => signIn(email, WRONG, from(index)))).toEqual(all(10, 401))
    limited(await signIn(email, PASSWORD, "2001:db8::1"))
    expect((await signIn(email, PASSWORD, from(256))).status).toBe(200)
  })

  it("under a forged X-Forwarded-For is guessing from where it comes from", async () => {
    const { email } = await newcomer(direct)
    expect(await inTurn(10, () => signIn(email, WRONG, fresh(), direct))).toEqual(all(10, 401))
    limited(await signIn(email, WRONG, fresh(), direct))
    const made = await somebodyAt(fresh())
    const attacker = fresh()
    const forged = () => signIn(made, WRONG, `${fresh()}, ${attacker}`)
    expect(await inTurn(10, forged)).toEqual(all(10, 401))
    limited(await forged())
  })

  it("that is turned away leaves one event a wait, however often it is tried", async () => {
    const attacker = fresh()
    await inTurn(60, () => signIn("flooded@example.com", WRONG, attacker))
    const details = await proxied.run(
      Effect.flatMap(Database, ({ read }) =>
        read((tables) =>
          tables.selectFrom("security_event").select("detail").where("ip_address", "=", attacker).execute()
        )
      )
    )
    const reasons = details.map(({ detail }) => JSON.parse(detail).reason)
    expect(reasons).toEqual([...all(10, 0).map(() => "unknown-email"), "rate-limited"])
  })

  it("is kept in no form that tells the addresses that were tried", async () => {
    await signIn("secretive@example.com", WRONG, fresh())
    const rows = await proxied.run(
      Effect.flatMap(Database, ({ read }) => read((tables) => tables.selectFrom("guess_tally").selectAll().execute()))
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toMatch(/secretive|example\.com/u)
  })

  it("goes on to wait when the service is killed and started again, unless its limits are switched off", async () => {
    using folder = disposableFolder()
    const settings = { KEYHOLE_DATA_DIR: folder.path, KEYHOLE_ARGON2_MEMORY: "1024" }
    const guess = (url: string) => rest(url).post("/auth/login", { email: "ada@example.com", password: WRONG })
    const first = await startService(settings)
    expect(await inTurn(10, () => guess(first.url))).toEqual(all(10, 401))
    await first.end("SIGKILL")
    const second = await startService(settings)
    limited(await guess(second.url))
    await second.end("SIGTERM")
    const free = await startService({ ...settings, KEYHOLE_RATE_LIMIT: "off" })
    expect(await inTurn(12, () => guess(free.url))).toEqual(all(12, 401))
    await free.end("SIGTERM")
  })
})
