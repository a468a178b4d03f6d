import { Schema } from "effect"

/** The start cannot go on without a usable master secret; `message` is a sentence for the operator. */
export class MasterSecretUnusable extends Schema.TaggedError<MasterSecretUnusable>()("MasterSecretUnusable", {
  message: Schema.String
}) {}
