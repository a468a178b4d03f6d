import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { listEvents } from "./events.ts"
import { defineRole, listRoles, removeRole } from "./roles.ts"
import { deleteUser, endSessions, getUser, listUsers, setDisabled, setRoles } from "./users.ts"

export class Administration extends HttpApiGroup.make("administration", { topLevel: true })
  .add(
    listUsers,
    getUser,
    setDisabled,
    setRoles,
    deleteUser,
    endSessions,
    listRoles,
    defineRole,
    removeRole,
    listEvents
  )
  .annotate(OpenApi.Title, "Administration")
  .annotate(OpenApi.Description, "Users, roles and events, for those who have the permissions.") {}
