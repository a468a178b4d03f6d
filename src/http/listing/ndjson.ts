import { Cause, Effect, Stream } from "effect"
import type { Peek } from "../../domain/image/peek.ts"
import { problemOf } from "../problem/problemOf.ts"
import { afterReading, type Problem, toDocument } from "../problem/Problem.ts"
import { viewEntry } from "../view/entry.ts"
import { summarise } from "./summary.ts"

export const NDJSON_TYPE = "application/x-ndjson"

const encoder = new TextEncoder()
const line = (document: object): Uint8Array => encoder.encode(`${JSON.stringify(document)}\n`)

interface Telling {
  readonly startedAt: number
  readonly requestId: string
  /** What broke a listing off is told in its summary. */
  readonly partial: boolean
  /** Tells now and then, between the entries, how much of the layers has come. */
  readonly progress: boolean
}

const PROGRESS_EVERY = "100 millis"

const told = ({ progress }: Peek) =>
  Effect.map(progress, (news) => (news === undefined ? [] : [line({ progress: news })]))

/** The lines, and beside them those on progress, which neither waits for the other. The last news comes before the end. */
const withProgress = (found: Peek, lines: Stream.Stream<Uint8Array>) =>
  Stream.tick(PROGRESS_EVERY).pipe(
    Stream.mapEffect(() => told(found)),
    Stream.flattenIterable,
    (news) => Stream.merge(lines, news, { haltStrategy: "left" }),
    Stream.concat(Stream.fromIterableEffect(told(found)))
  )

/** An entry a line, as they are read; then one line that says how it ended. */
export const asLines = (found: Peek, { startedAt, requestId, partial, progress }: Telling): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => {
    let read = 0
    let broken: Problem | undefined
    const lines = found.entries.pipe(
      Stream.mapArray((entries) => {
        read += entries.length
        return [encoder.encode(entries.map((entry) => `${JSON.stringify(viewEntry(entry))}\n`).join(""))]
      }),
      Stream.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Stream.fromEffect(Effect.interrupt)
          : Stream.fromEffectDrain(
              Effect.map(problemOf(cause), (problem) => {
                broken = afterReading(problem, read)
              })
            )
      )
    )
    const last = Effect.suspend(() =>
      broken === undefined || partial
        ? Effect.map(summarise(found, startedAt, broken, requestId), (summary) => line({ summary }))
        : Effect.succeed(line({ problem: toDocument(broken, requestId) }))
    )
    return Stream.concat(progress ? withProgress(found, lines) : lines, Stream.fromEffect(last))
  })
