import { availableParallelism } from "node:os"
import { runProgram } from "./support/children.ts"
import { byTurns, type Figure, median, millis, ratio } from "./support/figures.ts"
import { load } from "./support/load.ts"
import type { World } from "./support/world.ts"

/** The service's defaults. */
const HASH = { memoryCost: 19_456, timeCost: 2 }

/** Reads at a steady pace, whatever else is asked meanwhile. */
const READS_A_SECOND = 200

/** Sign-ins, session and tokens and event written down, against what the hash alone leaves room for. */
export const benchSignIn = async (world: World, times: number, seconds: number): Promise<ReadonlyArray<Figure>> => {
  const { service, accounts, token } = world
  const connections = 4 * availableParallelism()
  const signIns = () => load({ url: `${service.url}/auth/login`, seconds, connections, bodies: accounts })
  const reads = () =>
    load({ url: `${service.url}/users/me`, seconds, connections: 64, rate: READS_A_SECOND, bearer: token })
  const hashes = () => runProgram<{ readonly rate: number }>("hashes", { seconds, ...HASH })

  await signIns()
  const pairs = await byTurns(times, signIns, hashes)
  const waits = await byTurns(times, reads, () => Promise.all([reads(), signIns()]))
  const alone = median(waits.map(([one]) => one.p99))
  const beside = median(waits.map(([, [one]]) => one.p99))
  const rates = pairs.map(([one, other]) => `${one.rate.toFixed(0)}/${other.rate.toFixed(0)}`)
  return [
    {
      what: "sign-ins, as a share of what the raw hash reaches on all cores",
      value: ratio(median(pairs.map(([one, other]) => one.rate / other.rate))),
      aim: "≥ 0.95",
      beside: `a second: ${rates.join(", ")}`
    },
    {
      what: `p99 of \`/users/me\` at ${READS_A_SECOND}/s while sign-ins saturate the machine`,
      value: millis(beside),
      aim: "≤ 20 ms, × 2",
      beside: `alone ${millis(alone)}`
    }
  ]
}
