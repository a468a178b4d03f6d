import { Schema } from "effect"

/** What somebody keeps to log in to a registry with is there and cannot be used; the sentence names the file, and no secret. */
export class LoginUnusable extends Schema.TaggedError<LoginUnusable>()("LoginUnusable", { message: Schema.String }) {}
