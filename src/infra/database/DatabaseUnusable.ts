import { Schema } from "effect"

/** The database cannot be used at all; the message says why, and what to do, to whoever starts the service. */
export class DatabaseUnusable extends Schema.TaggedError<DatabaseUnusable>()("DatabaseUnusable", {
  message: Schema.String
}) {}

/** In one line. Node tries several addresses of a host, and then the reasons are one level deeper. */
const reasonOf = (cause: unknown): string => {
  if (cause instanceof AggregateError) return [...new Set(cause.errors.map(reasonOf))].join("; ")
  return (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s*\n\s*/gu, ", ")
}

/** The setting is the one that says which database it is. */
export const cannotBeOpened =
  (name: string, setting: string) =>
  (cause: unknown): DatabaseUnusable =>
    new DatabaseUnusable({
      message: `The database ${name} cannot be opened: ${reasonOf(cause)}; ${setting} says which it is.`
    })
