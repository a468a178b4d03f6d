import { type DateTime, Duration, Effect, Layer } from "effect"
import type { Kysely, Selectable } from "kysely"
import { type Attempt, Guesses } from "../../domain/identity/Guesses.ts"
import {
  afterFailure,
  afterSuccess,
  endOf,
  rules,
  type Standing,
  unheard,
  verdict
} from "../../domain/identity/guessing.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { removing } from "../database/removing.ts"
import { accountName } from "./accountName.ts"
import { type Entry, entriesOf, type Keys, keysOf, standingOf } from "./guessKeys.ts"

const SWEEP_EVERY = Duration.minutes(1)

type Row = Selectable<Tables["guess_tally"]>

const toEntry = (row: Row): Entry => ({
  failures: JSON.parse(row.failures),
  strikes: row.strikes,
  waitUntil: row.wait_until,
  told: row.told !== 0,
  signedInAt: row.signed_in_at
})

const rowsOf = (keys: Keys, standing: Standing): ReadonlyArray<Row> =>
  entriesOf(keys, standing).map(({ kind, key, entry }) => ({
    key,
    failures: JSON.stringify(entry.failures),
    strikes: entry.strikes,
    wait_until: entry.waitUntil,
    told: Number(entry.told),
    signed_in_at: entry.signedInAt,
    ends_at: endOf(kind, entry, entry.signedInAt, rules)
  }))

/** In one order, so that two transactions that share a row never hold one each that the other wants. */
const inOrder = (rows: ReadonlyArray<Row>) => rows.toSorted((one, other) => (one.key < other.key ? -1 : 1))

const make = Effect.gen(function* () {
  const { read, run, transaction } = yield* Database
  const nameOf = yield* accountName

  const select = (keys: Keys) => async (tables: Kysely<Tables>) => {
    const rows = await tables.selectFrom("guess_tally").selectAll().where("key", "in", Object.values(keys)).execute()
    const found = new Map(rows.map((row) => [row.key, toEntry(row)]))
    return standingOf(keys, (key) => found.get(key))
  }

  /** Makes the rows that are missing, and holds them all until the transaction ends. */
  const hold = (keys: Keys) =>
    run((tables) =>
      tables
        .insertInto("guess_tally")
        .values(
          inOrder(
            rowsOf(
              keys,
              standingOf(keys, () => undefined)
            )
          )
        )
        .onConflict((conflict) => conflict.column("key").doUpdateSet((row) => ({ key: row.ref("excluded.key") })))
        .execute()
    )

  const keep = (rows: ReadonlyArray<Row>) =>
    run((tables) =>
      tables
        .insertInto("guess_tally")
        .values(inOrder(rows))
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet((row) => ({
            failures: row.ref("excluded.failures"),
            strikes: row.ref("excluded.strikes"),
            wait_until: row.ref("excluded.wait_until"),
            told: row.ref("excluded.told"),
            signed_in_at: row.ref("excluded.signed_in_at"),
            ends_at: row.ref("excluded.ends_at")
          }))
        )
        .execute()
    )

  const failed = Effect.fnUntraced(function* (attempt: Attempt, now: DateTime.Utc) {
    const keys = keysOf(attempt, nameOf)
    yield* hold(keys)
    const standing = yield* read(select(keys))
    yield* keep(rowsOf(keys, afterFailure(standing, now, rules)))
    return verdict(standing, now, rules)
  })

  /** Changes nothing but the pair, so that sign-ins from one place do not wait for each other. */
  const succeeded = Effect.fnUntraced(function* (attempt: Attempt, now: DateTime.Utc) {
    const keys = keysOf(attempt, nameOf)
    const standing = yield* read(select(keys))
    yield* keep(rowsOf(keys, afterSuccess(standing, now, rules)).filter(({ key }) => key === keys.pair))
    return verdict(standing, now, rules)
  })

  /** Whether none of the waits had turned anybody away before. */
  const firstToHear = (keys: ReadonlyArray<string>) =>
    run(async (tables) => {
      const { numUpdatedRows } = await tables
        .updateTable("guess_tally")
        .set({ told: 1 })
        .where("key", "in", keys)
        .where("told", "=", 0)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    })

  yield* removing("ended guesses", SWEEP_EVERY, { table: "guess_tally", key: ["key"], from: "ends_at" })

  return Guesses.of({
    admit: Effect.fnUntraced(function* (attempt, now) {
      const keys = keysOf(attempt, nameOf)
      const standing = yield* read(select(keys))
      const news = unheard(standing, now, rules).flatMap((kind) => keys[kind] ?? [])
      return { ...verdict(standing, now, rules), isNews: news.length > 0 && (yield* firstToHear(news)) }
    }),
    failed: (attempt, now) => transaction(failed(attempt, now)),
    succeeded: (attempt, now) => transaction(succeeded(attempt, now))
  })
})

/** Counts in the database: a restart clears nothing, and every process on it counts together. */
export const database = Layer.effect(Guesses, make)
