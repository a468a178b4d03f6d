/** One line of the report: what was measured, what came of it, what is meant to. */
export interface Figure {
  readonly what: string
  readonly value: string
  readonly aim: string
  /** What the ratio was made of, or other things worth knowing. */
  readonly beside: string
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = low] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : sorted.slice(middle)
  return sorted.length % 2 === 0 ? (low + high) / 2 : low
}

export const percentile = (values: ReadonlyArray<number>, share: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

export const ratio = (value: number): string => value.toFixed(2)
export const millis = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`

/** Does one thing and another by turns: what the machine does beside them meets both. */
export const byTurns = async <A, B>(
  times: number,
  one: (turn: number) => Promise<A>,
  other: (turn: number) => Promise<B>
): Promise<ReadonlyArray<readonly [A, B]>> => {
  const pairs: Array<readonly [A, B]> = []
  for (let turn = 0; turn < times; turn++) pairs.push([await one(turn), await other(turn)])
  return pairs
}
