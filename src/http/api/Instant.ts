import { Schema } from "effect"

/** A time as RFC 3339 in UTC: `2026-11-21T10:00:00.000Z`. */
export const Instant = Schema.String.annotate({ format: "date-time" }).pipe(
  Schema.decodeTo(Schema.DateTimeUtcFromString)
)
