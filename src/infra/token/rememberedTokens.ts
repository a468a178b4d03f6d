import { Clock, Context, Effect, Layer, Metric, Option, Semaphore } from "effect"
import { TokenStorage } from "../../domain/token/TokenStorage.ts"
import { ChangeFeed } from "../change/ChangeFeed.ts"
import { Database } from "../database/Database.ts"
import { KnownKeys } from "./KnownKeys.ts"

// Few enough to be collected while they are young.
const PAGE = 1000

const revocations = Metric.gauge("keyhole_revocations", {
  description: "Revocations that this process keeps in memory"
})
const room = Metric.gauge("keyhole_revocations_bytes", { description: "Memory that they take" })
const noServices = Context.empty()

/**
 * The token storage of the database, which is asked only for keys that it may have. Nearly every token is not revoked: to know
 * that, this process keeps a fingerprint of every live key, loaded at the start and kept whole by the feed of changes.
 */
export const rememberedTokens = Layer.effect(
  TokenStorage,
  Effect.gen(function* () {
    const storage = yield* TokenStorage
    const feed = yield* ChangeFeed
    const { read, isInUnit } = yield* Database
    const clock = yield* Clock.Clock
    const known = new KnownKeys()
    const count = (): void => {
      revocations.updateUnsafe(known.size, noServices)
      room.updateUnsafe(known.bytes, noServices)
    }
    count()
    const loading = yield* Semaphore.make(1)
    // Which load would be whole, and which one was.
    let wanted = 1
    let loaded = 0

    const load = Effect.gen(function* () {
      if (loaded === wanted) return
      const begun = wanted
      let after: string | undefined
      do {
        const from = after
        const page = yield* read((tables) => {
          const inOrder = tables.selectFrom("token_entry").select(["key", "expires_at"]).orderBy("key").limit(PAGE)
          return (from === undefined ? inOrder : inOrder.where("key", ">", from)).execute()
        })
        const now = clock.currentTimeMillisUnsafe()
        for (const { key, expires_at } of page) if (expires_at > now) known.add(key, expires_at, now)
        count()
        after = page.length < PAGE ? undefined : page.at(-1)?.key
      } while (after !== undefined)
      loaded = begun
    }).pipe((loads) => loading.withPermit(loads))

    // Listens first: an entry that is stored while the others are loaded comes by the feed.
    yield* feed.listen({
      apply: (change) => {
        if (change.kind !== "token-entry") return
        known.add(change.subject, change.until, clock.currentTimeMillisUnsafe())
        count()
      },
      reset: () => {
        wanted += 1
      }
    })
    // A database that is not there now may be there when somebody asks.
    yield* Effect.ignore(Effect.andThen(feed.current, load))

    return TokenStorage.of({
      ...storage,
      get: Effect.fnUntraced(function* (key) {
        if (yield* isInUnit) return yield* storage.get(key)
        yield* feed.current
        if (loaded !== wanted) yield* load
        return loaded === wanted && !known.has(key) ? Option.none() : yield* storage.get(key)
      })
    })
  })
)
