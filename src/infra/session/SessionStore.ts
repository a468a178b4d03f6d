import { Clock, DateTime, Duration, Effect, Layer, Option } from "effect"
import type { Kysely, Selectable } from "kysely"
import { Client } from "../../domain/Client.ts"
import { UserId } from "../../domain/identity/User.ts"
import { Session, SessionId } from "../../domain/session/Session.ts"
import type { SessionSecret } from "../../domain/session/SessionSecret.ts"
import { SessionStore } from "../../domain/session/SessionStore.ts"
import type { Change } from "../change/Change.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { SWEEP_BATCH, sweeping } from "../database/sweeping.ts"
import { prepared } from "../database/prepared.ts"
import { secretHash } from "./secretHash.ts"

type Row = Selectable<Tables["session"]>

const closedOf = ({ closed_at, close_reason }: Row): Session["closed"] =>
  closed_at === null || close_reason === null ? null : { at: DateTime.makeUnsafe(closed_at), reason: close_reason }

const toSession = (row: Row): Session =>
  new Session({
    id: SessionId.make(row.id),
    kind: row.kind,
    userId: UserId.make(row.user_id),
    client: new Client({ ipAddress: row.ip_address, userAgent: row.user_agent }),
    createdAt: DateTime.makeUnsafe(row.created_at),
    lastSeenAt: DateTime.makeUnsafe(row.last_seen_at),
    expiresAt: DateTime.makeUnsafe(row.expires_at),
    closed: closedOf(row)
  })

const toRow = (session: Session, secret: SessionSecret | undefined): Row => ({
  id: session.id,
  kind: session.kind,
  user_id: session.userId,
  ip_address: session.client.ipAddress,
  user_agent: session.client.userAgent,
  created_at: DateTime.toEpochMillis(session.createdAt),
  last_seen_at: DateTime.toEpochMillis(session.lastSeenAt),
  expires_at: DateTime.toEpochMillis(session.expiresAt),
  closed_at: session.closed === null ? null : DateTime.toEpochMillis(session.closed.at),
  close_reason: session.closed?.reason ?? null,
  secret_hash: secret === undefined ? null : secretHash(secret)
})

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

const KEPT = Duration.toMillis(Duration.days(30))
const SWEEP_EVERY = Duration.minutes(10)

const make = Effect.gen(function* () {
  const { held, read, run } = yield* Database
  const announce = yield* announcing

  const bySecret = prepared((tables) => tables.selectFrom("session").selectAll().where("secret_hash", "=", ""))

  const byId = (tables: Kysely<Tables>, id: SessionId) => tables.selectFrom("session").selectAll().where("id", "=", id)

  const found = (row: Row | undefined) => Option.map(Option.fromUndefinedOr(row), toSession)

  const openOf = (tables: Kysely<Tables>, user: UserId) =>
    tables
      .selectFrom("session")
      .selectAll()
      .where("user_id", "=", user)
      .where("closed_at", "is", null)
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")

  /** Long after a session was closed nobody comes with a token of it any more, and the event trail tells of it. */
  const removeClosed = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    run(async (tables) => {
      const old = tables
        .selectFrom("session")
        .select("id")
        .where("closed_at", "<=", now - KEPT)
        .orderBy("closed_at")
        .limit(SWEEP_BATCH)
      const { numDeletedRows } = await tables.deleteFrom("session").where("id", "in", old).executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    })
  )
  yield* sweeping("closed sessions", SWEEP_EVERY, removeClosed)

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
