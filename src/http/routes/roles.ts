import { Effect, Result, Schema } from "effect"
import { definedRoles } from "../../domain/access/definedRoles.ts"
import { defineRole as define } from "../../domain/access/defineRole.ts"
import { removeRole as remove } from "../../domain/access/removeRole.ts"
import { type Role, RoleName } from "../../domain/access/Role.ts"
import * as api from "../api/administration.ts"
import { unacceptable } from "../refuse.ts"
import { json } from "../Reply.ts"
import { rawRoute, route } from "../route.ts"

const viewRole = ({ name, permissions, builtIn }: Role): api.RoleDocument => ({ name, permissions, built_in: builtIn })

export const listRoles = route(api.listRoles, () =>
  Effect.map(definedRoles, (roles) => ({ roles: roles.map(viewRole) }))
)

const decodeName = Schema.decodeUnknownResult(RoleName)

/** A name is given here, not looked for: what is wrong with it should be said. */
const nameOf = ({ name }: { readonly name: string }) =>
  Effect.fromResult(
    Result.mapError(decodeName(name), () =>
      unacceptable([
        { pointer: "/name", detail: "Expected a lower-case name of at most 63 letters, digits and hyphens" }
      ])
    )
  )

export const defineRole = rawRoute(
  api.defineRole,
  Effect.fnUntraced(function* ({ caller, params, payload, client }) {
    const { role, isNew } = yield* define(caller, yield* nameOf(params), payload.permissions, client)
    return json(isNew ? 201 : 200, viewRole(role))
  })
)

export const removeRole = route(api.removeRole, ({ caller, params, client }) => remove(caller, params.name, client))
