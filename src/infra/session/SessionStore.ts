import { DateTime, Duration, Effect, Layer, Option } from "effect"
import type { Kysely } from "kysely"
import type { UserId } from "../../domain/identity/User.ts"
import type { SessionId } from "../../domain/session/Session.ts"
import { SessionStore } from "../../domain/session/SessionStore.ts"
import type { Change } from "../change/Change.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { prepared } from "../database/prepared.ts"
import { removing } from "../database/removing.ts"
import { secretHash } from "./secretHash.ts"
import { type SessionRow, toRow, toSession } from "./sessionRows.ts"

interface Known {
  readonly secret_hash: string | null
}

/** Token sessions are remembered nowhere: they have no secret. */
const secretsOf = (rows: ReadonlyArray<Known>): ReadonlyArray<string> =>
  rows.flatMap(({ secret_hash }) => secret_hash ?? [])

const forget = (rows: ReadonlyArray<Known>): ReadonlyArray<Change> =>
  secretsOf(rows).map((subject) => ({ kind: "session", subject }))

/** Who goes by the old ends the session a little too early. */
const prolonged = (rows: ReadonlyArray<Known>): ReadonlyArray<Change> =>
  secretsOf(rows).map((subject) => ({ kind: "session", subject, harmless: true }))

const KEPT = Duration.days(30)
const SWEEP_EVERY = Duration.minutes(10)

const make = Effect.gen(function* () {
  const { held, read, run } = yield* Database
  const announce = yield* announcing

  const bySecret = prepared((tables) => tables.selectFrom("session").selectAll().where("secret_hash", "=", ""))

  const byId = (tables: Kysely<Tables>, id: SessionId) => tables.selectFrom("session").selectAll().where("id", "=", id)

  const found = (row: SessionRow | undefined) => Option.map(Option.fromUndefinedOr(row), toSession)

  const openOf = (tables: Kysely<Tables>, user: UserId) =>
    tables
      .selectFrom("session")
      .selectAll()
      .where("user_id", "=", user)
      .where("closed_at", "is", null)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")

  // Long after a session was closed nobody comes with a token of it any more, and the event trail tells of it.
  yield* removing("closed sessions", SWEEP_EVERY, { table: "session", key: ["id"], from: "closed_at", kept: KEPT })

  return SessionStore.of({
    add: (session, secret) =>
      run(async (tables) => {
        await tables.insertInto("session").values(toRow(session, secret)).execute()
      }),
    find: (id) => read(async (tables) => found(await byId(tables, id).executeTakeFirst())),
    hold: (id) => run(async (tables) => found(await held(byId(tables, id)).executeTakeFirst())),
    liveOf: (user, now) =>
      read(async (tables) => {
        const live = openOf(tables, user).where("expires_at", ">", DateTime.toEpochMillis(now))
        return (await live.execute()).map(toSession)
      }),
    holdOpenOf: (user) =>
      run(async (tables) => {
        // A new session refers to its user: none can be opened while somebody has the user's row.
        await held(tables.selectFrom("user").select("id").where("id", "=", user)).execute()
        return (await held(openOf(tables, user)).execute()).map(toSession)
      }),
    closedSince: (user, then) =>
      read(async (tables) => {
        const closed = tables
          .selectFrom("session")
          .selectAll()
          .where("user_id", "=", user)
          .where("closed_at", ">=", DateTime.toEpochMillis(then))
        return (await closed.execute()).map(toSession)
      }),
    findBySecret: (secret) =>
      read(async (tables) => {
        const [row] = await bySecret(tables, [secretHash(secret)])
        return found(row)
      }),
    replaceSecret: (previous, next) =>
      announce(
        run(async (tables) => {
          const { numUpdatedRows } = await tables
            .updateTable("session")
            .set({ secret_hash: secretHash(next) })
            .where("secret_hash", "=", secretHash(previous))
            .where("closed_at", "is", null)
            .executeTakeFirstOrThrow()
          return numUpdatedRows > 0n
        }),
        () => forget([{ secret_hash: secretHash(previous) }])
      ),
    ended: (now, limit) =>
      read(async (tables) => {
        const rows = await tables
          .selectFrom("session")
          .selectAll()
          .where("closed_at", "is", null)
          .where("expires_at", "<=", DateTime.toEpochMillis(now))
          .orderBy("expires_at")
          .limit(limit)
          .execute()
        return rows.map(toSession)
      }),
    close: (id, reason, at) =>
      Effect.map(
        announce(
          run(async (tables) => {
            const closed = await tables
              .updateTable("session")
              .set({ closed_at: DateTime.toEpochMillis(at), close_reason: reason })
              .where("id", "=", id)
              .where("closed_at", "is", null)
              .returning("secret_hash")
              .execute()
            // Who closed it before may not have told everybody yet, and may not live to.
            const known = closed.length > 0 ? closed : await byId(tables, id).execute()
            return { isFirst: closed.length > 0, known }
          }),
          ({ known }) => forget(known)
        ),
        ({ isFirst }) => isFirst
      ),
    prolong: (id, seenAt, expiresAt) =>
      Effect.asVoid(
        announce(
          run((tables) =>
            tables
              .updateTable("session")
              .set({ last_seen_at: DateTime.toEpochMillis(seenAt), expires_at: DateTime.toEpochMillis(expiresAt) })
              .where("id", "=", id)
              .where("closed_at", "is", null)
              .returning("secret_hash")
              .execute()
          ),
          prolonged
        )
      )
  })
})

export const layer = Layer.effect(SessionStore, make)
