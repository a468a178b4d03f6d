import { Context, type Effect } from "effect"
import type { StorageUnavailable } from "./StorageUnavailable.ts"

/**
 * What belongs together is written together. Everything the effect writes through the ports is committed when it
 * succeeds, durably, before `transaction` succeeds; a failure or an interruption leaves none of it. A transaction
 * inside another is part of it.
 *
 * Nothing slow belongs inside: no hashing, no signing, no network but the store's. Nor anything that must not happen
 * twice: a store that lets units wait for each other undoes one of two that wait in a circle, and it is run again.
 */
export class UnitOfWork extends Context.Service<
  UnitOfWork,
  {
    readonly transaction: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StorageUnavailable, R>
  }
>()("keyhole/domain/storage/UnitOfWork") {}
