/** How far something has come. */
export interface Gauge {
  readonly name: string
  readonly bytes: number
  /** Of how many, if that is known. */
  readonly of?: number
}

interface Sample {
  readonly at: number
  readonly bytes: number
}

interface Measured extends Gauge {
  readonly begun: number
  readonly samples: ReadonlyArray<Sample>
}

/** The rate is that of the last so many milliseconds. */
const WINDOW = 3000
/** Before that, it would be a guess. */
const SHORTEST = 500

const UNITS = ["B", "kB", "MB", "GB", "TB"]

const unitOf = (bytes: number): number => {
  let unit = 0
  // 999.95 would be written as 1000.0.
  while (unit < UNITS.length - 1 && bytes >= 999.95 * 1000 ** unit) unit++
  return unit
}

const inUnit = (bytes: number, unit: number): string => (unit === 0 ? String(bytes) : (bytes / 1000 ** unit).toFixed(1))

const sizeOf = (bytes: number): string => {
  const unit = unitOf(bytes)
  return `${inUnit(bytes, unit)} ${UNITS[unit]}`
}

const amountOf = ({ bytes, of }: Gauge): string =>
  of === undefined ? sizeOf(bytes) : `${inUnit(bytes, unitOf(of))}/${sizeOf(of)}`

const clock = (seconds: number): string => {
  const two = (number: number) => String(number).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`
}

/** Bytes a second; undefined while that cannot be told. */
const rateOf = ({ samples, bytes }: Measured, now: number): number | undefined => {
  const [oldest] = samples
  if (oldest === undefined || now - oldest.at < SHORTEST) return undefined
  return ((bytes - oldest.bytes) * 1000) / (now - oldest.at)
}

const leftOf = ({ bytes, of = 0 }: Gauge, rate: number | undefined): string => {
  const seconds = rate === undefined || rate < 1 ? Number.POSITIVE_INFINITY : Math.ceil((of - bytes) / rate)
  return seconds < 360_000 ? clock(seconds) : "-:--"
}

const NARROWEST_BAR = 8
const WIDEST_BAR = 40

const barOf = ({ bytes, of }: Gauge, room: number): string => {
  const width = Math.min(room - 4, WIDEST_BAR)
  if (of === undefined || width < NARROWEST_BAR) return ""
  const done = of === 0 ? width : Math.floor((Math.min(bytes, of) / of) * width)
  return `  [${"#".repeat(done)}${".".repeat(width - done)}]`
}

const { compare } = new Intl.Collator("en", { numeric: true })
const byName = (one: Gauge, other: Gauge): number => compare(one.name, other.name)

const isDone = ({ bytes, of }: Gauge): boolean => of !== undefined && bytes >= of

/** Of what has not begun to come only the waiting can be shown. */
const isAwaited = ({ bytes, of }: Gauge): boolean => of === undefined && bytes === 0

/** What came in the window, and the last that came before it. */
const recent = (samples: ReadonlyArray<Sample>, now: number): ReadonlyArray<Sample> => {
  const first = samples.findIndex(({ at }) => at > now - WINDOW)
  return first === -1 ? samples.slice(-1) : samples.slice(Math.max(first - 1, 0))
}

/** Follows how far several things have come, and shows it in lines as wide as there is room. */
export class Meter {
  readonly #measured = new Map<string, Measured>()

  /** Takes in the news of this moment, in milliseconds. */
  take(gauges: Iterable<Gauge>, now: number): void {
    for (const gauge of gauges) {
      const { begun = now, samples = [] } = this.#measured.get(gauge.name) ?? {}
      this.#measured.set(gauge.name, { ...gauge, begun, samples: [...samples, { at: now, bytes: gauge.bytes }] })
    }
    for (const [name, measured] of this.#measured) {
      if (isDone(measured)) this.#measured.delete(name)
      else this.#measured.set(name, { ...measured, samples: recent(measured.samples, now) })
    }
  }

  /** A line for each that has not come to its end; what there is no room for is left out: the bar first, then the rate. */
  lines(now: number, columns: number, rows: number): ReadonlyArray<string> {
    const shown = [...this.#measured.values()]
      .filter((each) => !isAwaited(each) || now - each.begun >= SHORTEST)
      .toSorted(byName)
      .slice(0, Math.max(rows - 1, 1))
    const width = Math.max(0, ...shown.map(({ name }) => name.length))
    // Some terminals begin a new line when the last column is written, and most write "^C" where the cursor is.
    const room = columns - 3
    return shown.map((measured) => {
      const name = measured.name.padEnd(width)
      if (isAwaited(measured)) return `${name}  ${clock(Math.floor((now - measured.begun) / 1000))}`.slice(0, room)
      const rate = rateOf(measured, now)
      const amount = `  ${amountOf(measured).padStart(14)}`
      const speed = `  ${(rate === undefined ? "" : `${sizeOf(Math.round(rate))}/s`).padStart(10)}`
      const left = measured.of === undefined ? "" : `  ${leftOf(measured, rate).padStart(5)}`
      const whole = name.length + amount.length + speed.length + left.length
      const bar = barOf(measured, room - whole)
      const line = whole <= room ? `${name}${bar}${amount}${speed}${left}` : `${name}${amount}${left}`
      return line.trimEnd().slice(0, room)
    })
  }
}
