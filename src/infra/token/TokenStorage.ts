import { Clock, Duration, Effect, Layer, Option } from "effect"
import { TokenStorage } from "../../domain/token/TokenStorage.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import { prepared } from "../database/prepared.ts"
import { removing } from "../database/removing.ts"

const SWEEP_EVERY = Duration.minutes(1)

const make = Effect.gen(function* () {
  const { read, run } = yield* Database
  const announce = yield* announcing
  const liveValue = prepared((tables) =>
    tables.selectFrom("token_entry").select("value").where("key", "=", "").where("expires_at", ">", 0)
  )

  yield* removing("ended token entries", SWEEP_EVERY, { table: "token_entry", key: ["key"], from: "expires_at" })

  return TokenStorage.of({
    store: Effect.fnUntraced(function* (key, value, ttl) {
      const expires_at = (yield* Clock.currentTimeMillis) + Math.ceil(Duration.toMillis(ttl))
      yield* announce(
        run((tables) =>
          tables
            .insertInto("token_entry")
            .values({ key, value, expires_at })
            .onConflict((conflict) => conflict.column("key").doUpdateSet({ value, expires_at }))
            .execute()
        ),
        () => [{ kind: "token-entry", subject: key, until: expires_at }]
      )
    }),
    get: Effect.fnUntraced(function* (key) {
      const now = yield* Clock.currentTimeMillis
      const [entry] = yield* read((tables) => liveValue(tables, [key, now]))
      return Option.map(Option.fromUndefinedOr(entry), ({ value }) => value)
    }),
    delete: Effect.fnUntraced(function* (key) {
      const now = yield* Clock.currentTimeMillis
      return yield* run(async (tables) => {
        const { numDeletedRows } = await tables
          .deleteFrom("token_entry")
          .where("key", "=", key)
          .where("expires_at", ">", now)
          .executeTakeFirstOrThrow()
        return numDeletedRows > 0n
      })
    })
  })
})

/** Entries in the database: durable when `store` succeeds, seen by every process on it. */
export const database = Layer.effect(TokenStorage, make)
