import { DateTime, Duration, Effect, Layer } from "effect"
import { type Selectable, sql } from "kysely"
import { EventId } from "../../domain/event/SecurityEvent.ts"
import { UserId } from "../../domain/identity/User.ts"
import { type Look, Looks, type SeenLayer } from "../../domain/image/Looks.ts"
import { Digest } from "../../domain/registry/Digest.ts"
import { containing } from "../database/containing.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { removing } from "../database/removing.ts"
import { EventSettings } from "../event/EventSettings.ts"

/** Of one statement: SQLite takes 32,766 values, and nobody should wait long behind an image of thousands of layers. */
const ROWS_AT_ONCE = 1000

/** A history is for finding again what one looked at lately; what happened is told by the event trail. */
const LONGEST_KEPT = Duration.days(90)
const SWEEP_EVERY = Duration.hours(1)
const NOTED_EVERY = Duration.toMillis(SWEEP_EVERY)

const toLook = (row: Selectable<Tables["look"]>): Look => ({
  id: EventId.make(row.id),
  userId: UserId.make(row.user_id),
  at: DateTime.makeUnsafe(row.at),
  operation: row.operation,
  image: row.image,
  digest: Digest.make(row.digest),
  platform: row.platform,
  ...(row.layer !== null && { layer: row.layer }),
  ...(row.path !== null && { path: row.path }),
  bytesFetched: row.bytes_fetched,
  outcome: row.outcome
})

const toRow = (look: Look): Selectable<Tables["look"]> => ({
  id: look.id,
  user_id: look.userId,
  at: DateTime.toEpochMillis(look.at),
  operation: look.operation,
  image: look.image,
  digest: look.digest,
  platform: look.platform,
  layer: look.layer ?? null,
  path: look.path ?? null,
  bytes_fetched: look.bytesFetched,
  outcome: look.outcome
})

const toSeen = (row: Selectable<Tables["seen_layer"]>): SeenLayer => ({
  image: row.image,
  digest: Digest.make(row.image_digest),
  layer: row.layer,
  layerDigest: Digest.make(row.layer_digest)
})

const make = Effect.gen(function* () {
  const { held, read, run, transaction } = yield* Database
  // Nothing is remembered of anybody for longer than of the trail.
  const kept = Duration.min((yield* EventSettings).retention, LONGEST_KEPT)

  yield* removing("old looks", SWEEP_EVERY, { table: "look", key: ["id"], from: "at", kept })

  yield* removing("old layers", SWEEP_EVERY, {
    table: "seen_layer",
    key: ["user_id", "image", "image_digest", "layer"],
    from: "seen_at",
    kept
  })

  const exists = (user: UserId) =>
    run(async (tables) => {
      const row = await held(tables.selectFrom("user").select("id").where("id", "=", user)).executeTakeFirst()
      return row !== undefined
    })

  const addSeen = ({ userId, at }: Look, seen: ReadonlyArray<SeenLayer>) =>
    run(async (tables) => {
      const seenAt = DateTime.toEpochMillis(at)
      for (let from = 0; from < seen.length; from += ROWS_AT_ONCE) {
        const rows = seen.slice(from, from + ROWS_AT_ONCE).map(({ image, digest, layer, layerDigest }) => ({
          user_id: userId,
          image,
          image_digest: digest,
          layer,
          layer_digest: layerDigest,
          seen_at: seenAt
        }))
        // oxlint-disable-next-line eslint/no-await-in-loop -- one connection has one statement at a time
        await tables
          .insertInto("seen_layer")
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(["user_id", "image", "image_digest", "layer"])
              .doUpdateSet({ seen_at: seenAt })
              // What is looked at all the time is not written all the time.
              .where("seen_layer.seen_at", "<", seenAt - NOTED_EVERY)
          )
          .execute()
      }
    })

  return Looks.of({
    add: Effect.fnUntraced(function* (look, seen) {
      if (!(yield* exists(look.userId))) return
      yield* run((tables) => tables.insertInto("look").values(toRow(look)).execute())
      yield* addSeen(look, seen)
    }, transaction),
    page: (user, { query, before, limit }) =>
      read(async (tables) => {
        let looks = tables.selectFrom("look").selectAll().where("user_id", "=", user)
        if (before !== undefined) {
          const at = DateTime.toEpochMillis(before.at)
          looks = looks.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple<number, string>(at, before.id)))
        }
        if (query !== undefined) {
          const pattern = containing(query)
          looks = looks.where(
            sql<boolean>`(lower(image) like ${pattern} escape '\\' or lower(path) like ${pattern} escape '\\')`
          )
        }
        const rows = await looks.orderBy("at", "desc").orderBy("id", "desc").limit(limit).execute()
        return rows.map(toLook)
      }),
    seen: (user, { image, from, limit }) =>
      read(async (tables) => {
        let layers = tables.selectFrom("seen_layer").selectAll().where("user_id", "=", user)
        if (image !== undefined) layers = layers.where("image", "=", image)
        if (from !== undefined) {
          layers = layers.where((eb) =>
            eb(
              eb.refTuple("image", "image_digest", "layer"),
              ">=",
              eb.tuple<string, string, number>(from.image, from.digest, from.layer)
            )
          )
        }
        const rows = await layers.orderBy("image").orderBy("image_digest").orderBy("layer").limit(limit).execute()
        return rows.map(toSeen)
      })
  })
})

export const layer = Layer.effect(Looks, make)
