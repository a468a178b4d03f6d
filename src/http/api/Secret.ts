import { Schema } from "effect"

// A lone surrogate has no UTF-8: every such text would be hashed as U+FFFD, and so be one password with all the others.
const wellFormed = Schema.makeFilter((text: string) => text.isWellFormed() || "Expected well-formed Unicode")

/** A password or a token in a body. */
export const Secret = Schema.RedactedFromValue(Schema.String.check(wellFormed))
