import { Cause, Effect, Stream } from "effect"
import { type Entry, entryKey } from "../../domain/image/Entry.ts"
import type { ServiceError } from "../../domain/ServiceResult.ts"
import { problemOf } from "../problem/problemOf.ts"
import { afterReading, type Problem } from "../problem/Problem.ts"
import { type Order, Spool } from "./Spool.ts"

/** A listing read to its end, or until it broke off. */
export interface Collected {
  /** One line or document an entry, some at a time; of one path the last. */
  readonly texts: Stream.Stream<ReadonlyArray<string>>
  readonly problem: Problem | undefined
}

/** Reads a listing, each entry written down at once: what waits in memory is text, and of a long listing little of that. */
export const collect = Effect.fnUntraced(function* <R>(
  entries: Stream.Stream<Entry, ServiceError, R>,
  order: Order,
  write: (entry: Entry) => string
) {
  const spool = new Spool(order)
  const reading = Stream.runForEachArray(entries, (some) =>
    spool.add(some.map((entry) => [entryKey(entry), write(entry)] as const))
  )
  const problem = yield* Effect.matchCauseEffect(reading, {
    onSuccess: () => Effect.undefined,
    onFailure: (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.map(problemOf(cause), (broken) => afterReading(broken, spool.size))
  })
  const collected: Collected = { texts: yield* spool.read, problem }
  return collected
})
