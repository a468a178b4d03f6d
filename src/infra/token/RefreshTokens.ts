import { DateTime, Duration, Effect, Layer } from "effect"
import { type Selectable, sql } from "kysely"
import { UserId } from "../../domain/identity/User.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { RefreshToken } from "../../domain/token/RefreshToken.ts"
import { type Consumption, RefreshTokens } from "../../domain/token/RefreshTokens.ts"
import { TokenId } from "../../domain/token/TokenId.ts"
import { LONGEST_LEEWAY } from "../../domain/token/TokenSettings.ts"
import { KeyId } from "../../domain/token/TokenSigner.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { removing } from "../database/removing.ts"

type Row = Selectable<Tables["refresh_token"]>

const toToken = (row: Row): RefreshToken =>
  new RefreshToken({
    id: TokenId.make(row.id),
    sessionId: SessionId.make(row.session_id),
    userId: UserId.make(row.user_id),
    keyId: KeyId.make(row.key_id),
    issuedAt: DateTime.makeUnsafe(row.issued_at),
    expiresAt: DateTime.makeUnsafe(row.expires_at)
  })

const toRow = (token: RefreshToken): Row => ({
  id: token.id,
  session_id: token.sessionId,
  user_id: token.userId,
  key_id: token.keyId,
  issued_at: DateTime.toEpochMillis(token.issuedAt),
  expires_at: DateTime.toEpochMillis(token.expiresAt),
  consumed_at: null
})

const SWEEP_EVERY = Duration.minutes(10)

const make = Effect.gen(function* () {
  const { read, run, transaction } = yield* Database

  const begin = (token: RefreshToken) =>
    run(async (tables) => {
      await tables.insertInto("refresh_token").values(toRow(token)).execute()
    })

  /** The compare-and-set: whether this call was the first to use the token. */
  const markConsumed = (id: TokenId, family: SessionId, now: DateTime.Utc) =>
    run(async (tables) => {
      const { numUpdatedRows } = await tables
        .updateTable("refresh_token")
        .set({ consumed_at: DateTime.toEpochMillis(now) })
        .where("id", "=", id)
        .where("session_id", "=", family)
        .where("consumed_at", "is", null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    })

  /** A used token with the live one of its family. */
  const afterFirstUse = (id: TokenId, family: SessionId) =>
    read(async (tables): Promise<Consumption> => {
      const row = await tables
        .selectFrom("refresh_token as live")
        .innerJoin("refresh_token as used", "used.session_id", "live.session_id")
        .where("used.id", "=", id)
        .where("used.session_id", "=", family)
        .where("used.consumed_at", "is not", null)
        .where("live.consumed_at", "is", null)
        .selectAll("live")
        .select("used.consumed_at as firstUsedAt")
        .executeTakeFirst()
      return row === undefined || row.firstUsedAt === null
        ? { _tag: "Unknown" }
        : { _tag: "AlreadyConsumed", firstUsedAt: DateTime.makeUnsafe(row.firstUsedAt), live: toToken(row) }
    })

  const consume = Effect.fnUntraced(function* (id: TokenId, successor: RefreshToken, now: DateTime.Utc) {
    if (!(yield* markConsumed(id, successor.sessionId, now))) return yield* afterFirstUse(id, successor.sessionId)
    yield* begin(successor)
    return { _tag: "Consumed" } satisfies Consumption
  })

  // A used token that has expired is refused for that, whatever is known of it.
  yield* removing("used refresh tokens", SWEEP_EVERY, {
    table: "refresh_token",
    key: ["id"],
    from: "expires_at",
    kept: LONGEST_LEEWAY,
    only: sql`consumed_at is not null`
  })

  return RefreshTokens.of({
    begin,
    consume: (id, successor, now) => transaction(consume(id, successor, now)),
    isLive: (id, family) =>
      read(async (tables) => {
        const row = await tables
          .selectFrom("refresh_token")
          .select("id")
          .where("id", "=", id)
          .where("session_id", "=", family)
          .where("consumed_at", "is", null)
          .executeTakeFirst()
        return row !== undefined
      })
  })
})

export const layer = Layer.effect(RefreshTokens, make)
