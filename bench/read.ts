import { startRedis } from "../test/support/redis/server.ts"
import { rest } from "../test/support/rest.ts"
import { serveProgram } from "./support/children.ts"
import { byTurns, type Figure, median, megabytes, ratio } from "./support/figures.ts"
import { type Measured, measuredLoad } from "./support/load.ts"
import type { World } from "./support/world.ts"

const CONNECTIONS = 32

/** Somebody's token there; a peer that does not refuse whoever has signed out is none. */
const signedInTheUsualWay = async (url: string): Promise<string> => {
  const { get, post } = rest(url)
  const signIn = async () => String((await post("/auth/login")).body.access_token)
  const [token, other] = [await signIn(), await signIn()]
  await post("/auth/logout", undefined, other)
  const [live, signedOut] = [await get("/users/me", token), await get("/users/me", other)]
  if (live.status !== 200 || signedOut.status !== 401) throw new Error("the usual way knows nobody, or everybody")
  return token
}

/** An authenticated read, token verified and user current, against bare Express saying hello and against the usual way. */
export const benchRead = async (world: World, times: number, seconds: number): Promise<ReadonlyArray<Figure>> => {
  await using ends = new AsyncDisposableStack()
  const redis = await startRedis()
  ends.defer(redis.kill)
  using hello = await serveProgram("hello")
  using usual = await serveProgram("usualWay", { redisUrl: redis.url })
  const { service, token } = world
  const theirToken = await signedInTheUsualWay(usual.url)
  const reading = (pid: number, url: string, bearer?: string) =>
    measuredLoad(pid, { url, seconds, connections: CONNECTIONS, ...(bearer === undefined ? {} : { bearer }) })
  const me = () => reading(service.pid, `${service.url}/users/me`, token)
  const peers = async () => ({
    hello: await reading(hello.pid, `${hello.url}/`),
    usual: await reading(usual.pid, `${usual.url}/users/me`, theirToken)
  })

  await byTurns(1, me, peers)
  const turns = await byTurns(times, me, peers)
  const [ours, bare, theirs] = [
    turns.map(([one]) => one),
    turns.map(([, other]) => other.hello),
    turns.map(([, other]) => other.usual)
  ]
  const of = (value: (one: Measured) => number) => [ours, bare, theirs].map((each) => median(each.map(value)))
  const [rate = 0, helloRate = 0, usualRate = 0] = of((each) => each.rate)
  const [cpu = 0, helloCpu = 0, usualCpu = 0] = of((each) => each.cpuPerRequest)
  const [resident = 0, helloResident = 0, usualResident = 0] = of((each) => each.resident)
  return [
    {
      what: "`GET /users/me`, × bare Express saying hello",
      value: ratio(median(turns.map(([one, { hello: other }]) => one.rate / other.rate))),
      aim: "≥ 0.75",
      beside: `${rate.toFixed(0)} against ${helloRate.toFixed(0)} a second`
    },
    {
      what: "the same, × the usual way (passport-jwt, a blacklist in Redis)",
      value: ratio(median(turns.map(([one, { usual: other }]) => one.rate / other.rate))),
      // 0.75 × hello in place of its 0.17.
      aim: "≥ 4.4",
      beside: `${rate.toFixed(0)} against ${usualRate.toFixed(0)} a second`
    },
    {
      what: "CPU a request",
      value: `${cpu.toFixed(0)} µs`,
      aim: "≤ 35 µs",
      beside: `hello ${helloCpu.toFixed(0)} µs, the usual way ${usualCpu.toFixed(0)} µs without its Redis`
    },
    {
      what: "memory under this load",
      value: megabytes(resident),
      aim: "≤ 140 MB",
      beside: `hello ${megabytes(helloResident)}, the usual way ${megabytes(usualResident)} without its Redis`
    }
  ]
}
