import { randomBytes } from "node:crypto"
import { Clock, Duration, Effect, Schedule } from "effect"
import { Database } from "../database/Database.ts"
import { ABSENT_AFTER, BEAT_EVERY, PRESENT_FOR } from "./leaseTerms.ts"

interface Seen {
  readonly beats: number
  readonly since: bigint
}

/**
 * Keeps this process in the table of instances as long as the scope lasts. Whoever commits a change finds there whom it has to
 * reach, so a process that is not certain to be in the table must not answer from memory.
 *
 * Nobody's clock is compared with another's: an instance is removed by one that has seen no beat of it for longer than it
 * would itself rely on its last.
 */
export const presence = Effect.gen(function* () {
  const { exclusive, run, transaction } = yield* Database
  const clock = yield* Clock.Clock
  const id = randomBytes(16).toString("hex")
  let lastBeat: bigint | undefined
  const others = new Map<string, Seen>()

  /** In the turns in which changes are numbered; see `announcing`. */
  const enter = transaction(
    Effect.andThen(
      exclusive("changes"),
      run((tables) => tables.insertInto("instance").values({ id, beats: 0 }).execute())
    )
  )

  const beat = Effect.gen(function* () {
    const sentAt = clock.monotonicTimeNanosUnsafe()
    const { numUpdatedRows } = yield* run((tables) =>
      tables
        .updateTable("instance")
        .set(({ eb }) => ({ beats: eb("beats", "+", 1) }))
        .where("id", "=", id)
        .executeTakeFirstOrThrow()
    )
    if (numUpdatedRows === 0n) yield* enter
    lastBeat = sentAt
  })

  const removeAbsent = Effect.gen(function* () {
    const rows = yield* run((tables) => tables.selectFrom("instance").selectAll().where("id", "!=", id).execute())
    const now = clock.monotonicTimeNanosUnsafe()
    const here = new Set(rows.map((row) => row.id))
    for (const gone of others.keys()) if (!here.has(gone)) others.delete(gone)
    for (const row of rows) {
      const seen = others.get(row.id)
      if (seen === undefined || seen.beats !== row.beats) others.set(row.id, { beats: row.beats, since: now })
      else if (now - seen.since > Duration.toNanosUnsafe(ABSENT_AFTER)) {
        yield* run((tables) =>
          tables.deleteFrom("instance").where("id", "=", row.id).where("beats", "=", row.beats).execute()
        )
      }
    }
  })

  yield* Effect.andThen(beat, removeAbsent).pipe(
    // A database that is lost is told of by whoever looks at the log.
    Effect.ignore,
    Effect.repeat(Schedule.spaced(BEAT_EVERY)),
    Effect.forkScoped
  )
  yield* Effect.addFinalizer(() => {
    lastBeat = undefined
    return Effect.ignore(run((tables) => tables.deleteFrom("instance").where("id", "=", id).execute()))
  })

  return {
    id,
    /** Until when (on the monotonic clock, in nanoseconds) this process is in the table whatever happens. */
    until: (): bigint => (lastBeat === undefined ? 0n : lastBeat + Duration.toNanosUnsafe(PRESENT_FOR))
  }
})
