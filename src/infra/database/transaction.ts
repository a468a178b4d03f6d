import type { SqlEntityManager } from "@mikro-orm/sql"
import { Context, Effect, Exit } from "effect"
import { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { attempt, outcome } from "./failure.ts"
import { isConflict } from "./postgres/conflict.ts"

/** How often a unit of work is begun again that lost to others; each time one of these gets through. */
const AGAIN = 5

/** A unit of work's hold on the database. A fiber that outlives the unit finds it over, and is then in none. */
class Transaction {
  readonly manager: SqlEntityManager
  readonly lastly: Array<Effect.Effect<unknown, StorageUnavailable>> = []
  readonly afterwards: Array<Effect.Effect<void>> = []
  over = false

  constructor(manager: SqlEntityManager) {
    this.manager = manager
  }
}

const Enclosing = Context.Reference<Transaction | undefined>("keyhole/infra/database/transaction/Enclosing", {
  defaultValue: () => undefined
})

/** The entity manager of the unit of work that this is in, if it is in one. */
export const enclosing: Effect.Effect<SqlEntityManager | undefined> = Effect.map(Enclosing, (transaction) =>
  transaction === undefined || transaction.over ? undefined : transaction.manager
)

/** Has something done right before the unit of work that this is in commits, or at once when it is in none. */
export const lastly = (effect: Effect.Effect<unknown, StorageUnavailable>): Effect.Effect<void, StorageUnavailable> =>
  Effect.flatMap(Enclosing, (transaction) =>
    transaction === undefined || transaction.over
      ? Effect.asVoid(effect)
      : Effect.sync(() => void transaction.lastly.push(effect))
  )

/** Has something done when the unit of work that this is in is committed, or at once when it is in none. */
export const afterwards = (effect: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.flatMap(Enclosing, (transaction) =>
    transaction === undefined || transaction.over ? effect : Effect.sync(() => void transaction.afterwards.push(effect))
  )

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Begins a transaction. The wait for it can be interrupted; one that begins nevertheless is rolled back at once, or it
 * would keep the database for ever.
 */
const begin = Effect.fnUntraced(function* (root: SqlEntityManager, restore: Restore) {
  const manager = root.fork()
  const begun = manager.begin()
  const abandon = () => begun.then(() => manager.rollback()).catch(() => undefined)
  yield* Effect.tapCause(restore(outcome(() => begun)), () => Effect.sync(abandon))
  return new Transaction(manager)
})

const rollBack = ({ manager }: Transaction) =>
  Effect.catchCause(
    attempt(() => manager.rollback()),
    (cause) => Effect.logError("a transaction could not be rolled back", cause)
  )

const commit = (transaction: Transaction) =>
  Effect.tapCause(
    attempt(() => transaction.manager.commit()),
    () => rollBack(transaction)
  )

/**
 * Runs effects in transactions of their own, or in the one they are in already. `durable` resolves when what was
 * committed before is so for good.
 */
export const transactions = (root: SqlEntityManager, durable: () => Promise<void>) => {
  const once = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, restore: Restore) {
    const transaction = yield* begin(root, restore)
    const unit = Effect.tap(effect, () => Effect.all(transaction.lastly, { discard: true }))
    const exit = yield* Effect.exit(restore(Effect.provideService(unit, Enclosing, transaction)))
    transaction.over = true
    if (Exit.isFailure(exit)) {
      yield* rollBack(transaction)
      return yield* exit
    }
    yield* Effect.andThen(commit(transaction), attempt(durable))
    yield* restore(Effect.all(transaction.afterwards, { concurrency: "unbounded", discard: true }))
    return yield* exit
  })
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | StorageUnavailable, R> =>
    Effect.uninterruptibleMask(
      Effect.fnUntraced(function* (restore) {
        if ((yield* enclosing) !== undefined) return yield* restore(effect)
        return yield* Effect.retry(once(effect, restore), {
          times: AGAIN,
          while: (error) => error instanceof StorageUnavailable && isConflict(error)
        })
      })
    )
}
