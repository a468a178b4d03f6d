import { Schema } from "effect"

/** How many a page has when nobody says. */
export const LIMIT = 50

export const limit = { limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 }))) }
