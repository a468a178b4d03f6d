import { Schema } from "effect"
import { RoleName } from "../access/Role.ts"
import { Email } from "./Email.ts"

export const UserId = Schema.String.pipe(Schema.brand("UserId"))
export type UserId = typeof UserId.Type

/**
 * A name to show, as its owner writes it: something can be seen of it, and there are no line breaks or other control
 * characters, those included that turn the text around them, nor half of a surrogate pair.
 */
export const DisplayName = Schema.String.check(
  Schema.isPattern(/^(?=.*[\p{L}\p{N}\p{P}\p{S}])[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,100}$/u, {
    expected: "1 to 100 characters, not all of them invisible, without control characters"
  })
).pipe(Schema.brand("DisplayName"))
export type DisplayName = typeof DisplayName.Type

export class User extends Schema.Class<User>("User")({
  id: UserId,
  email: Email,
  name: Schema.NullOr(DisplayName),
  roles: Schema.Array(RoleName),
  disabled: Schema.Boolean,
  createdAt: Schema.DateTimeUtc,
  lastLoginAt: Schema.NullOr(Schema.DateTimeUtc)
}) {}
