import { Cause, Effect, Stream } from "effect"
import type { Entry } from "../../domain/image/Entry.ts"
import type { ServiceError } from "../../domain/ServiceResult.ts"
import { inOrder } from "../../domain/image/inOrder.ts"
import { problemOf } from "../failure.ts"
import { afterReading, type Problem } from "../problems/Problem.ts"

/** A listing read to its end, or until it broke off. */
export interface Collected {
  /** One line or document an entry, the last of a path in its first one's place. */
  readonly entries: ReadonlyMap<string, string>
  readonly problem: Problem | undefined
}

/** A whiteout of a path and a file at that path are two entries. */
const keyOf = ({ path, whiteout }: Entry): string => (whiteout === undefined ? path : `${whiteout}:${path}`)

/** Reads a listing, each entry written down at once: what waits in memory is text. */
export const collect = <R>(entries: Stream.Stream<Entry, ServiceError, R>, write: (entry: Entry) => string) =>
  Effect.suspend(() => {
    const collected = new Map<string, string>()
    const reading = Stream.runForEachArray(entries, (some) =>
      Effect.sync(() => {
        for (const entry of some) collected.set(keyOf(entry), write(entry))
      })
    )
    return Effect.matchCauseEffect(reading, {
      onSuccess: () => Effect.succeed<Collected>({ entries: collected, problem: undefined }),
      onFailure: (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.map(
              problemOf(cause),
              (problem): Collected => ({ entries: collected, problem: afterReading(problem, collected.size) })
            )
    })
  })

/** What was collected, in the order of its paths. */
export const ordered = (entries: Collected["entries"]) =>
  Effect.map(inOrder([...entries.keys()]), (keys) => keys.map((key) => entries.get(key) ?? ""))
