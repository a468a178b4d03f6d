import { Context, Effect, Layer, Semaphore } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { ChangeFeed } from "../change/ChangeFeed.ts"
import type { Database } from "../database/Database.ts"
import type { Vault } from "../secret/Vault.ts"
import type { Keyring } from "./Keyring.ts"
import { readAll } from "./storedKeys.ts"
import { keepUp, upkeep } from "./upkeep.ts"

/** The signing keys of this moment or, while the database is lost, as they were before. */
export interface Known {
  readonly ring: Keyring
  /** Why there may be others. */
  readonly lost?: StorageUnavailable
}

/** The signing keys, in memory from the start on: a lost database stops no verification. */
export class SigningKeys extends Context.Service<SigningKeys, { readonly known: Effect.Effect<Known> }>()(
  "keyhole/infra/key/SigningKeys"
) {}

/**
 * The keys of the database, which are made when there are none and looked after as long as this lives. They are read again
 * when they were changed, by whomever, and before anything else is done with them.
 */
export const database = Layer.effect(
  SigningKeys,
  Effect.gen(function* () {
    const feed = yield* ChangeFeed
    const services = yield* Effect.context<Database | Vault>()
    const reading = yield* Semaphore.make(1)
    // Which reading would be of today, and which one there is.
    let wanted = 1
    let read = 0
    let ring: Keyring = []

    // However many want to know at once, one of them reads.
    const load = Effect.gen(function* () {
      if (read === wanted) return
      const begun = wanted
      ring = yield* readAll
      read = begun
    }).pipe((reads) => reading.withPermit(reads), Effect.provide(services))

    const outdated = (): void => {
      wanted += 1
    }
    yield* feed.listen({ apply: ({ kind }) => (kind === "keys" ? outdated() : undefined), reset: outdated })
    yield* upkeep
    yield* load
    yield* keepUp

    const current = Effect.gen(function* () {
      yield* feed.current
      if (read !== wanted) yield* Effect.repeat(load, { while: () => read !== wanted })
    })
    return {
      known: current.pipe(
        Effect.as<Known["lost"]>(undefined),
        // Keys that this process cannot open were added by one with another secret: nothing is sure any more.
        Effect.catchTag("SigningKeysUnusable", Effect.die),
        Effect.catchTag("StorageUnavailable", (lost) => Effect.succeed(lost)),
        Effect.map((lost) => (lost === undefined ? { ring } : { ring, lost }))
      )
    }
  })
)
