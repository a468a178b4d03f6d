import { serveProgram } from "./support/children.ts"
import { byTurns, type Figure, median, ratio } from "./support/figures.ts"
import { type Answered, type Load, load } from "./support/load.ts"
import { cpuSeconds } from "./support/memory.ts"
import type { World } from "./support/world.ts"

const CONNECTIONS = 32

interface Measured extends Answered {
  /** Microseconds of processor time. */
  readonly cpuPerRequest: number
}

const measured = async (pid: number, options: Omit<Load, "connections">): Promise<Measured> => {
  const before = cpuSeconds(pid)
  const answered = await load({ ...options, connections: CONNECTIONS })
  return { ...answered, cpuPerRequest: ((cpuSeconds(pid) - before) * 1e6) / answered.answers }
}

/** An authenticated read, token verified and user current, against bare Express saying hello. */
export const benchRead = async (world: World, times: number, seconds: number): Promise<ReadonlyArray<Figure>> => {
  using hello = await serveProgram("hello")
  const { service, token } = world
  const me = () => measured(service.pid, { url: `${service.url}/users/me`, seconds, bearer: token })
  const greet = () => measured(hello.pid, { url: `${hello.url}/`, seconds })
  await byTurns(1, me, greet)
  const pairs = await byTurns(times, me, greet)
  const [ours, bare] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
  const rate = (answers: ReadonlyArray<Measured>) => Math.round(median(answers.map((each) => each.rate)))
  const cpu = (answers: ReadonlyArray<Measured>) => median(answers.map((each) => each.cpuPerRequest)).toFixed(0)
  return [
    {
      what: "`GET /users/me`, × bare Express saying hello",
      value: ratio(median(pairs.map(([one, other]) => one.rate / other.rate))),
      aim: "≥ 0.75",
      beside: `${rate(ours)} against ${rate(bare)} a second`
    },
    { what: "CPU a request", value: `${cpu(ours)} µs`, aim: "≤ 35 µs", beside: `hello ${cpu(bare)} µs` }
  ]
}
