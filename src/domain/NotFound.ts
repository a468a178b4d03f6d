import { Schema } from "effect"

/** What was asked for does not exist, or is not the caller's: the two are told apart nowhere. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { what: Schema.String }) {}
