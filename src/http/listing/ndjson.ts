import { Cause, Effect, Stream } from "effect"
import type { Peek } from "../../domain/image/peek.ts"
import { problemOf } from "../failure.ts"
import { afterReading, type Problem, toDocument } from "../problems/Problem.ts"
import { viewEntry } from "../view/entry.ts"
import { summarise } from "./summary.ts"

export const NDJSON_TYPE = "application/x-ndjson"

const encoder = new TextEncoder()
const line = (document: object): Uint8Array => encoder.encode(`${JSON.stringify(document)}\n`)

interface Ending {
  readonly startedAt: number
  readonly requestId: string
  /** What broke a listing off is told in its summary. */
  readonly partial: boolean
}

/** An entry a line, as they are read; then one line that says how it ended. */
export const asLines = (found: Peek, { startedAt, requestId, partial }: Ending): Stream.Stream<Uint8Array> =>
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
    return Stream.concat(lines, Stream.fromEffect(last))
  })
