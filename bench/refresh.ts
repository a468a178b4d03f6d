import { rest } from "../test/support/rest.ts"
import { byTurns, type Figure, median, millis, ratio } from "./support/figures.ts"
import { measuredLoad } from "./support/load.ts"
import type { World } from "./support/world.ts"

const CONNECTIONS = 32

/** Rotations of refresh tokens, by as many families at once as there are connections, against authenticated reads. */
export const benchRefresh = async (world: World, times: number, seconds: number): Promise<ReadonlyArray<Figure>> => {
  const { service, accounts, token } = world
  const { post } = rest(service.url)
  const family = async (_: unknown, number: number) =>
    String((await post("/auth/login", accounts[number % accounts.length])).body.refresh_token)
  const refresh = async () => {
    // A connection that was cut off does not know its family's live token.
    const refreshTokens = await Promise.all(Array.from({ length: CONNECTIONS }, family))
    const url = `${service.url}/auth/refresh`
    return measuredLoad(service.pid, { url, seconds, connections: CONNECTIONS, refreshTokens })
  }
  const read = () =>
    measuredLoad(service.pid, { url: `${service.url}/users/me`, seconds, connections: CONNECTIONS, bearer: token })

  await byTurns(1, refresh, read)
  const pairs = await byTurns(times, refresh, read)
  const rate = (side: 0 | 1) => median(pairs.map((pair) => pair[side].rate)).toFixed(0)
  const cpu = millis(median(pairs.map(([one]) => one.cpuPerRequest)) / 1000)
  const p99 = millis(median(pairs.map(([one]) => one.p99)))
  return [
    {
      what: "refreshes, each a rotation written durably, × `GET /users/me`",
      value: ratio(median(pairs.map(([one, other]) => one.rate / other.rate))),
      aim: "≥ 0.15",
      beside: `${rate(0)} against ${rate(1)} a second; CPU of one ${cpu}, p99 with ${CONNECTIONS} at once ${p99}`
    }
  ]
}
