import { Schema } from "effect"

/** How many a page has when nobody says. */
export const LIMIT = 50

export const limit = {
  limit: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 })).annotateKey({
      description: `How many at most; ${LIMIT} unless it is said`
    })
  )
}

/** What is said of the parameter with which a list goes on. */
export const goesOn = { description: "Where the list goes on: the `next` of the answer before" }
