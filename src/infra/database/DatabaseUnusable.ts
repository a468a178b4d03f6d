import { Schema } from "effect"

/** The database cannot be used at all; the message says why, and what to do, to whoever starts the service. */
export class DatabaseUnusable extends Schema.TaggedError<DatabaseUnusable>()("DatabaseUnusable", {
  message: Schema.String
}) {}

export const cannotBeOpened =
  (file: string) =>
  (cause: unknown): DatabaseUnusable =>
    new DatabaseUnusable({
      message: `The database ${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`
    })
