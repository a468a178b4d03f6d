import { Effect } from "effect"
import { assignRoles } from "../../domain/access/assignRoles.ts"
import { deleteUser as remove } from "../../domain/identity/deleteUser.ts"
import { findUser, findUsers } from "../../domain/identity/findUsers.ts"
import { setDisabled as disable } from "../../domain/identity/setDisabled.ts"
import { endSessions as endAll } from "../../domain/session/endSessions.ts"
import * as api from "../api/users.ts"
import { LIMIT } from "../api/paging.ts"
import { unacceptable } from "../refuse.ts"
import { route } from "../route.ts"
import { viewMember } from "../view/user.ts"

export const listUsers = route(api.listUsers, ({ query }) =>
  Effect.map(findUsers({ limit: LIMIT, ...query }), ({ members, ...rest }) => ({
    users: members.map(viewMember),
    ...rest
  }))
)

export const getUser = route(api.getUser, ({ params }) => Effect.map(findUser(params.id), viewMember))

export const setDisabled = route(api.setDisabled, ({ caller, params, payload, client }) =>
  Effect.map(disable(caller, params.id, payload.disabled, client), viewMember)
)

export const setRoles = route(api.setRoles, ({ caller, params, payload: { roles }, client }) =>
  assignRoles(caller, params.id, roles, client).pipe(
    Effect.map(viewMember),
    Effect.catchTag("RolesUnknown", ({ names }) =>
      Effect.fail(
        unacceptable(
          names.map((name) => ({ pointer: `/roles/${roles.indexOf(name)}`, detail: "There is no such role" }))
        )
      )
    )
  )
)

export const deleteUser = route(api.deleteUser, ({ caller, params, client }) => remove(caller, params.id, client))

export const endSessions = route(api.endSessions, ({ caller, params, client }) => endAll(caller, params.id, client))
