import { Effect } from "effect"
import type { TestProject } from "vitest/node"
import { startPostgres } from "./postgres/server.ts"
import { registryTools } from "./registry/command.ts"

/** What the tests need of the machine is looked for once, before any of them, and installed where that is possible. */
export const setup = async ({ provide }: TestProject) => {
  await Effect.runPromise(registryTools)
  const postgres = await startPostgres()
  provide("postgres", postgres.urlOf(""))
  return postgres.remove
}
