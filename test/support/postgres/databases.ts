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

const database = (template: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.tap(
        Effect.sync(() => `test_${randomUUID().replaceAll("-", "")}`),
        (name) => administer(`create database ${name} template ${template} strategy file_copy`)
      ),
      (name) => administer(`drop database ${name} with (force)`)
    ),
    (name) => Redacted.make(inject("postgres") + name)
  )

/** A database without rows, its schema up to date, on the server of this run; it is gone when the scope ends. */
export const newDatabase = database("template1")

/** The same with nothing at all in it, as an operator makes one. */
export const emptyDatabase = database("template0")
