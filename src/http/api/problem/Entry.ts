/** A problem as consumers may rely on it: its statuses, its title, and what the page `/problems/{code}` says of it. */
export interface Entry {
  readonly statuses: readonly [number, ...ReadonlyArray<number>]
  readonly title: string
  readonly explanation: string
}

export const entry = <const Statuses extends Entry["statuses"]>(
  statuses: Statuses,
  title: string,
  explanation: string
) => ({
  statuses,
  title,
  explanation
})
