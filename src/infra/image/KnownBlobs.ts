import { Clock, Duration, Effect, Layer, Stream } from "effect"
import { sql } from "kysely"
import { type BlobOf, KnownBlobs } from "../../domain/image/KnownBlobs.ts"
import { Database } from "../database/Database.ts"
import { entriesIn, frameOf, framesIn, FrameWriter } from "./frames.ts"

const MiB = 1024 * 1024

/** Compressed, as it is kept. A listing of 80,000 entries takes some 2 MiB, and writing it must not keep others waiting. */
interface Room {
  /** Of one blob. */
  readonly most: number
  /** Of all together. */
  readonly all: number
}

/** How exactly a use is remembered: every look at a blob would otherwise be a write. */
const USE_COUNTS_FOR = Duration.toMillis(Duration.minutes(1))

type Kind = "listing" | "document"

const make = Effect.fnUntraced(function* ({ most, all }: Room) {
  const { read, run, transaction } = yield* Database

  const find = Effect.fnUntraced(function* (kind: Kind, { repository, digest }: BlobOf) {
    const id = `${kind} ${digest}`
    const now = yield* Clock.currentTimeMillis
    const found = yield* read((tables) =>
      tables
        .selectFrom("known_blob")
        .innerJoin("known_blob_origin", "blob_id", "id")
        .select(["content", "used_at"])
        .where("id", "=", id)
        .where("repository", "=", repository)
        .executeTakeFirst()
    )
    if (found === undefined) return undefined
    if (found.used_at <= now - USE_COUNTS_FOR) {
      yield* run((tables) => tables.updateTable("known_blob").set({ used_at: now }).where("id", "=", id).execute())
    }
    return found.content
  })

  /** Those used last stay as long as there is room. */
  const forgetOldest = run((tables) => {
    const inOrder = tables
      .selectFrom("known_blob")
      .select(["id", sql<number>`sum(size) over (order by used_at desc, id)`.as("so_far")])
    const surplus = tables.selectFrom(inOrder.as("known")).select("known.id").where("known.so_far", ">", all)
    return tables.deleteFrom("known_blob").where("id", "in", surplus).execute()
  })

  const put = Effect.fnUntraced(function* (kind: Kind, { repository, digest }: BlobOf, bytes: Uint8Array) {
    if (bytes.length > most) return
    const id = `${kind} ${digest}`
    const used_at = yield* Clock.currentTimeMillis
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const inserted = run((tables) =>
      tables
        .insertInto("known_blob")
        .values({ id, size: content.length, used_at, content })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ used_at }))
        .execute()
    )
    const from = run((tables) =>
      tables
        .insertInto("known_blob_origin")
        .values({ blob_id: id, repository })
        .onConflict((conflict) => conflict.columns(["blob_id", "repository"]).doNothing())
        .execute()
    )
    yield* transaction(Effect.andThen(inserted, Effect.andThen(from, forgetOldest)))
  })

  return KnownBlobs.of({
    listing: (blob, layer) =>
      Effect.map(find("listing", blob), (content) => (content === undefined ? undefined : entriesIn(content, layer))),
    record: Effect.sync(() => {
      const writer = new FrameWriter(most)
      return {
        add: writer.add,
        keep: (blob) =>
          Effect.flatMap(writer.end, (content) => (content === undefined ? Effect.void : put("listing", blob, content)))
      }
    }),
    document: Effect.fnUntraced(function* (blob) {
      const content = yield* find("document", blob)
      return content === undefined ? undefined : yield* Stream.mkUint8Array(framesIn(content))
    }),
    keepDocument: (blob, bytes) => Effect.flatMap(frameOf(bytes), (content) => put("document", blob, content))
  })
})

/** In the database, within this room. */
export const layerWithin = (room: Room) => Layer.effect(KnownBlobs, make(room))

export const layer = layerWithin({ most: 8 * MiB, all: 256 * MiB })
