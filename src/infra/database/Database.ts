import type { SqlEntityManager } from "@mikro-orm/sql"
import { Context, Effect, Layer } from "effect"
import type { Kysely } from "kysely"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { DatabaseSettings, type PostgresSettings } from "./DatabaseSettings.ts"
import type { Tables } from "./entities.ts"
import { attempt } from "./failure.ts"
import type { OpenDatabase } from "./OpenDatabase.ts"
import * as sqlite from "./sqlite/open.ts"
import { afterwards, enclosing, lastly, transactions } from "./transaction.ts"

/** The database, inside the unit of work the caller is in, or outside of any. */
export class Database extends Context.Service<
  Database,
  {
    /** Work with entities; outside a unit of work with an identity map of its own. */
    readonly use: <A>(work: (entities: SqlEntityManager) => Promise<A>) => Effect.Effect<A, StorageUnavailable>
    /** One statement, or several that need not be together. */
    readonly run: <A>(statement: (tables: Kysely<Tables>) => Promise<A>) => Effect.Effect<A, StorageUnavailable>
    /** As `run`, for statements that only read: outside a unit of work they do not wait for those that write. */
    readonly read: <A>(query: (tables: Kysely<Tables>) => Promise<A>) => Effect.Effect<A, StorageUnavailable>
    /** A unit of work: see the port `UnitOfWork`. */
    readonly transaction: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StorageUnavailable, R>
    /** See `OpenDatabase`. */
    readonly version: OpenDatabase["version"]
    /** Whether the caller is in a unit of work, and so sees what nobody else does yet. */
    readonly isInUnit: Effect.Effect<boolean>
    /** For a query in a unit of work: what it finds is the latest, and stays as it is until the unit ends. */
    readonly held: OpenDatabase["held"]
    /**
     * In a unit of work: waits until no other one is at what this names, and keeps them from it until the unit ends. For
     * decisions about rows that are not there, which nobody could hold.
     */
    readonly exclusive: (what: string) => Effect.Effect<void, StorageUnavailable>
    /** In a unit of work: is done right before it commits, so that others need not wait for it for long. */
    readonly lastly: (effect: Effect.Effect<unknown, StorageUnavailable>) => Effect.Effect<void, StorageUnavailable>
    /** In a unit of work: is done once it is committed, outside of it, and before it succeeds. */
    readonly afterwards: (effect: Effect.Effect<void>) => Effect.Effect<void>
  }
>()("keyhole/infra/database/Database") {}

/** With all that speaks PostgreSQL, which is not loaded for the embedded database. */
const openPostgres = (settings: PostgresSettings) =>
  Effect.flatMap(
    Effect.promise(() => import("./postgres/open.ts")),
    ({ open }) => open(settings)
  )

/** Opens the database, brings its schema up to date, and closes it in the end. */
export const layer = Layer.effect(
  Database,
  Effect.gen(function* () {
    const settings = yield* DatabaseSettings
    const { orm, durable, version, held, exclusive } = yield* settings.kind === "sqlite"
      ? sqlite.open(settings)
      : openPostgres(settings)
    const root = orm.em
    const writing = root.getKysely<Tables>({ type: "write" })
    const reading = root.getKysely<Tables>({ type: "read" })
    /** Work that is a unit by itself. */
    const alone = <A>(work: () => Promise<A>) => Effect.tap(attempt(work), () => attempt(durable))
    const run = <A>(statement: (tables: Kysely<Tables>) => Promise<A>) =>
      Effect.flatMap(enclosing, (manager) =>
        manager === undefined ? alone(() => statement(writing)) : attempt(() => statement(manager.getKysely<Tables>()))
      )
    return Database.of({
      use: (work) =>
        Effect.flatMap(enclosing, (manager) =>
          manager === undefined ? alone(() => work(root.fork())) : attempt(() => work(manager))
        ),
      run,
      read: (query) =>
        Effect.flatMap(enclosing, (manager) => attempt(() => query(manager?.getKysely<Tables>() ?? reading))),
      transaction: transactions(root, durable),
      version,
      isInUnit: Effect.map(enclosing, (manager) => manager !== undefined),
      held,
      exclusive: (what) => run((tables) => exclusive(tables, what)),
      lastly,
      afterwards
    })
  })
)
