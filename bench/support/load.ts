import { runProgram } from "./children.ts"

export interface Load {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  /** Requests a second, whether the ones before were answered or not; without it, as many as are answered. */
  readonly rate?: number
  readonly bearer?: string
  /** JSON to post, by turns; without any it is a GET. */
  readonly bodies?: ReadonlyArray<object>
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
