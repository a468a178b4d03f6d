import { Effect, Result, Schema } from "effect"
import { definedRoles } from "../../domain/access/definedRoles.ts"
import { defineRole as define } from "../../domain/access/defineRole.ts"
import { removeRole as remove } from "../../domain/access/removeRole.ts"
import { RoleName } from "../../domain/access/Role.ts"
import * as api from "../api/roles.ts"
import { inputErrors } from "../decode.ts"
import { unacceptable } from "../refuse.ts"
import { json } from "../Reply.ts"
import { rawRoute, route } from "../route.ts"
import { viewRole } from "../view/role.ts"

export const listRoles = route(api.listRoles, () =>
  Effect.map(definedRoles, (roles) => ({ roles: roles.map(viewRole) }))
)

const decodeName = Schema.decodeUnknownResult(RoleName)

/** A name is given here, not looked for: what is wrong with it should be said. */
const nameOf = ({ name }: { readonly name: string }) =>
  Effect.fromResult(Result.mapError(decodeName(name), (error) => unacceptable(inputErrors(error, "/name"))))

export const defineRole = rawRoute(
  api.defineRole,
  Effect.fnUntraced(function* ({ caller, params, payload, client }) {
    const { role, isNew } = yield* define(caller, yield* nameOf(params), payload.permissions, client)
    return json(isNew ? 201 : 200, viewRole(role))
  })
)

export const removeRole = route(api.removeRole, ({ caller, params, client }) => remove(caller, params.name, client))
