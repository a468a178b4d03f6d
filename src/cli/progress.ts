import { Clock, Effect, Scope, Stdio } from "effect"
import { type Gauge, Meter } from "./Meter.ts"

const EVERY = "100 millis"
const CLEAR = "\u001B[J"
const CLEAR_LINE = "\u001B[K"

/** How many rows lines take up now: a terminal that has become narrower has broken them. */
const rowsOf = (lines: ReadonlyArray<string>, columns: number): number =>
  lines.reduce((rows, { length }) => rows + Math.max(Math.ceil(length / columns), 1), 0)

const toFirstRow = (rows: number): string => (rows > 1 ? `\r\u001B[${rows - 1}A` : "\r")

const width = (): number => process.stderr.columns || 80

/** Draws lines over those that it drew before. The cursor stays visible and no mode is changed: there is nothing to restore. */
const drawing = () => {
  let drawn: ReadonlyArray<string> = []
  return (lines: ReadonlyArray<string>): void => {
    if (drawn.length === 0 && lines.length === 0) return
    const text = lines.map((line) => `${line}${CLEAR_LINE}`).join("\n")
    process.stderr.write(`${toFirstRow(rowsOf(drawn, width()))}${text}${CLEAR}`)
    drawn = lines
  }
}

const show = Effect.fnUntraced(function* (news: Effect.Effect<ReadonlyArray<Gauge>>) {
  const { stderrIsTerminal } = yield* Stdio.Stdio
  if (!(yield* stderrIsTerminal) || process.env["TERM"] === "dumb") return
  const meter = new Meter()
  const draw = drawing()
  yield* Effect.addFinalizer(() => Effect.sync(() => draw([])))
  const step = Effect.gen(function* () {
    yield* Effect.sleep(EVERY)
    const now = yield* Clock.currentTimeMillis
    meter.take(yield* news, now)
    draw(meter.lines(now, width(), process.stderr.rows || 24))
  })
  yield* Effect.forkScoped(Effect.forever(step))
})

/**
 * Shows on standard error, until the work has ended, how far it has come; nothing where that is no terminal. What is written
 * there meanwhile would be drawn over.
 */
export const whileShowing = <A, E, R>(news: Effect.Effect<ReadonlyArray<Gauge>>, work: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Scope.make(),
    (own) => Effect.andThen(Scope.provide(show(news), own), work),
    (own, exit) => Scope.close(own, exit)
  )

/** The same for work that tells nothing of its way: for how long it has been going on. */
export const whileWaiting = <A, E, R>(name: string, work: Effect.Effect<A, E, R>) =>
  whileShowing(Effect.succeed([{ name, bytes: 0 }]), work)
