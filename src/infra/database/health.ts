import { Effect, Layer } from "effect"
import { sql } from "kysely"
import { Health } from "../../domain/Health.ts"
import { Database } from "./Database.ts"
import { MIGRATION_TABLE } from "./migrate.ts"

/** Whether the database answers a query that reads a table. */
export const layer = Layer.effect(
  Health,
  Effect.gen(function* () {
    const { read } = yield* Database
    const answers = read((tables) => sql`select count(*) from ${sql.table(MIGRATION_TABLE)}`.execute(tables)).pipe(
      Effect.as("up" as const),
      Effect.catchTag("StorageUnavailable", () => Effect.succeed("down" as const))
    )
    return { checks: Effect.map(answers, (state) => [{ name: "database", state, required: true }]) }
  })
)
