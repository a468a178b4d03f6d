import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { fc } from "@fast-check/vitest"
import { Effect, Redacted } from "effect"
import { sql } from "kysely"
import { Database } from "../../../src/infra/database/Database.ts"
import { migrations } from "../../../src/infra/database/migrations.ts"
import { atPlace } from "../../support/database.ts"
import { emptyDatabase } from "../../support/postgres/databases.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const STARTING = new URL("./starting.ts", import.meta.url)
const ACKNOWLEDGING = new URL("./acknowledging.ts", import.meta.url)

/** New databases, without a schema. */
const places = [
  ["in a file", Effect.map(temporaryFolder, (folder) => join(folder, "keyhole.db"))],
  ["on PostgreSQL", Effect.map(emptyDatabase, Redacted.value)]
] as const

const start = (program: URL, ...args: ReadonlyArray<string>) =>
  spawn(process.execPath, [fileURLToPath(program), ...args], {
    stdio: ["ignore", "pipe", "inherit"]
  })

const run = async (program: URL, ...args: ReadonlyArray<string>) => {
  const [status] = await once(start(program, ...args), "exit")
  return status
}

/** Runs the program until it has said so many lines, kills it with SIGKILL, and gives all it said. */
const runUntilKilled = async (lines: number, program: URL, ...args: ReadonlyArray<string>) => {
  const child = start(program, ...args)
  const said: Array<string> = []
  for await (const line of createInterface(child.stdout)) {
    said.push(line)
    if (said.length === lines) child.kill("SIGKILL")
  }
  return said
}

describe.each(places)("several processes that start at once on one new database %s", (_where, newPlace) => {
  it.live(
    "migrate it once, and all of them go on",
    () =>
      Effect.gen(function* () {
        const place = yield* newPlace
        const names = ["a", "b", "c", "d", "e", "f"]
        const ends = yield* Effect.promise(() => Promise.all(names.map((name) => run(STARTING, place, name))))
        assert.deepStrictEqual(ends, [0, 0, 0, 0, 0, 0])
        yield* Effect.gen(function* () {
          const { read } = yield* Database
          const steps = yield* read((tables) => sql<{ name: string }>`select name from migration`.execute(tables))
          assert.deepStrictEqual(
            steps.rows.map(({ name }) => name),
            migrations.map(({ name }) => name)
          )
          const written = yield* read((tables) =>
            tables.selectFrom("token_entry").select("key").orderBy("key").execute()
          )
          assert.deepStrictEqual(
            written.map(({ key }) => key),
            names
          )
        }).pipe(Effect.provide(atPlace(place)))
      }),
    120_000
  )
})

/** What one person's rows add up to; the same for everybody, or something was half written. */
const accounts = Effect.gen(function* () {
  const { read } = yield* Database
  const { rows } = yield* read((tables) =>
    sql<Account>`
      select u.id as "user", s.id as session, case when s.closed_at is null then 0 else 1 end as closed,
        (select count(*) from user_role where user_id = u.id) as roles,
        (select count(*) from refresh_token where session_id = s.id and consumed_at is null) as live,
        (select count(*) from token_entry where key = 'revoked:' || s.id) as revoked,
        (select string_agg(type, ' ' order by type) from security_event where user_id = u.id) as events
      from "user" u left join session s on s.user_id = u.id`.execute(tables)
  )
  return rows
})

interface Account {
  readonly user: string
  readonly session: string | null
  readonly closed: number
  readonly roles: number
  readonly live: number
  readonly revoked: number
  readonly events: string
}

const isWhole = ({ session, closed, roles, live, revoked, events }: Account): boolean =>
  session !== null &&
  roles === 1 &&
  live === 1 &&
  revoked === closed &&
  events === `${closed === 1 ? "sign-out " : ""}sign-in.succeeded user.registered`.split(" ").toSorted().join(" ")

describe.each(places)("a process killed with SIGKILL at any moment, its database %s", (_where, newPlace) => {
  it.live(
    "has lost nothing that it acknowledged, and left nothing half written",
    () =>
      Effect.gen(function* () {
        const place = yield* newPlace
        const said: Array<string> = []
        for (const lines of fc.sample(fc.integer({ min: 1, max: 300 }), 6)) {
          said.push(...(yield* Effect.promise(() => runUntilKilled(lines, ACKNOWLEDGING, place))))
          const found = yield* Effect.provide(accounts, atPlace(place))
          const kept = new Set(
            found.flatMap(({ user, session, closed }) => [
              `registered ${user}`,
              `opened ${session}`,
              ...(closed === 1 ? [`closed ${session}`] : [])
            ])
          )
          assert.deepStrictEqual(
            said.filter((line) => !kept.has(line)),
            []
          )
          assert.deepStrictEqual(
            found.filter((account) => !isWhole(account)),
            []
          )
        }
        assert.isTrue(said.some((line) => line.startsWith("closed")))
      }),
    120_000
  )
})
