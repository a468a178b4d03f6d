import { runProgram } from "./children.ts"
import { cpuSeconds, watchMemory } from "./memory.ts"

export interface Load {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  /** Requests a second, whether the ones before were answered or not; without it, as many as are answered. */
  readonly rate?: number
  readonly bearer?: string
  /** JSON to post, by turns; without any it is a GET. */
  readonly bodies?: ReadonlyArray<object>
  /** A refresh token for each connection, to post; the next time it posts the one that it was answered. */
  readonly refreshTokens?: ReadonlyArray<string>
}

export interface Answered {
  /** Answers a second. */
  readonly rate: number
  readonly answers: number
  /** Of them, those that were no 2xx. */
  readonly refused: number
  readonly p50: number
  readonly p99: number
}

/** Puts load on a service from a process of its own. */
export const load = async (options: Load): Promise<Answered> => {
  const answered = await runProgram<Answered>("client", options)
  if (answered.refused > 0) throw new Error(`${answered.refused} of ${answered.answers} requests were refused`)
  return answered
}

export interface Measured extends Answered {
  /** Microseconds of processor time. */
  readonly cpuPerRequest: number
  /** The most memory meanwhile, in bytes. */
  readonly resident: number
}

/** The same, with what it takes of the process that answers. */
export const measuredLoad = async (pid: number, options: Load): Promise<Measured> => {
  const before = cpuSeconds(pid)
  const resident = watchMemory(pid)
  const answered = await load(options)
  return { ...answered, cpuPerRequest: ((cpuSeconds(pid) - before) * 1e6) / answered.answers, resident: resident() }
}
