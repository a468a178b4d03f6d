import { randomUUID } from "node:crypto"
import { Effect, Redacted } from "effect"
import { Client } from "pg"
import { inject } from "vitest"

declare module "vitest" {
  interface ProvidedContext {
    /** The server of this run, as `postgres://…/`. */
    readonly postgres: string
  }
}

const administer = (sql: string) =>
  Effect.promise(async () => {
    const client = new Client(`${inject("postgres")}postgres`)
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  })

/** An empty database on the server of this run that is gone when the scope ends. */
export const emptyDatabase = Effect.map(
  Effect.acquireRelease(
    Effect.tap(
      Effect.sync(() => `test_${randomUUID().replaceAll("-", "")}`),
      (name) => administer(`create database ${name} strategy file_copy`)
    ),
    (name) => administer(`drop database ${name} with (force)`)
  ),
  (name) => Redacted.make(inject("postgres") + name)
)
