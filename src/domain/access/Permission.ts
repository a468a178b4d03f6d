import { Schema } from "effect"

/** What an endpoint may ask for. */
export const Permission = Schema.Literals([
  "image:read",
  "image:carve",
  "image:download",
  "registry:credential",
  "token:introspect",
  "user:read",
  "user:write",
  "role:read",
  "role:write",
  "role:assign",
  "event:read"
])
export type Permission = typeof Permission.Type

/** What a role may hold: a permission, or all of them. */
export const Grant = Schema.Union([Schema.Literal("*"), Permission])
export type Grant = typeof Grant.Type
