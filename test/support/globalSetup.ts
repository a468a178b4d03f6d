import { Effect, Layer, Redacted } from "effect"
import type { TestProject } from "vitest/node"
import * as Database from "../../src/infra/database/Database.ts"
import { DatabaseSettings } from "../../src/infra/database/DatabaseSettings.ts"
import { startPostgres } from "./postgres/server.ts"
import { registryTools } from "./registry/command.ts"

/** Brings the schema of a database up to date, as a start of the service does. */
const migrate = (url: string) =>
  Layer.build(Database.layer).pipe(
    Effect.provideService(DatabaseSettings, { kind: "postgres", url: Redacted.make(url) }),
    Effect.scoped,
    Effect.runPromise
  )

/** What the tests need of the machine is looked for once, before any of them, and installed where that is possible. */
export const setup = async ({ provide }: TestProject) => {
  await Effect.runPromise(registryTools)
  const postgres = await startPostgres()
  try {
    // What is made new there is a copy of this one, and so needs no migration.
    await migrate(postgres.urlOf("template1"))
  } catch (error) {
    await postgres.remove()
    throw error
  }
  provide("postgres", postgres.urlOf(""))
  return postgres.remove
}
