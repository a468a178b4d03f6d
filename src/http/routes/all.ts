import { changePassword, closeSession, deleteOwn, listSessions, logoutAll, me, rename } from "./account.ts"
import { login, logout, refresh, register } from "./auth.ts"
import { consolePage, consolePart } from "./console.ts"
import { docs, docsReference, docsStart, openapi } from "./docs.ts"
import { listEvents, listOwnEvents } from "./events.ts"
import { file } from "./file.ts"
import { files } from "./files.ts"
import { manifest, tags } from "./images.ts"
import { layer } from "./layer.ts"
import { introspect, metadata, revoke } from "./oauth.ts"
import { listRegistries, removeCredential, setCredential } from "./registries.ts"
import { history, search } from "./looks.ts"
import { defineRole, listRoles, removeRole } from "./roles.ts"
import { jwks, livez, metrics, problemPage, readyz } from "./service.ts"
import { deleteUser, endSessions, getUser, listUsers, setDisabled, setRoles } from "./users.ts"
import type { Route } from "../route.ts"

const routes = [
  register,
  login,
  refresh,
  logout,
  logoutAll,
  // Before `/users/:id`: nobody's id is `me`.
  me,
  rename,
  changePassword,
  deleteOwn,
  listOwnEvents,
  listSessions,
  closeSession,
  listUsers,
  getUser,
  setDisabled,
  setRoles,
  deleteUser,
  endSessions,
  listRoles,
  defineRole,
  removeRole,
  listEvents,
  tags,
  manifest,
  files,
  file,
  layer,
  listRegistries,
  setCredential,
  removeCredential,
  history,
  search,
  metadata,
  introspect,
  revoke,
  jwks,
  livez,
  readyz,
  metrics,
  problemPage,
  openapi,
  docs,
  docsStart,
  docsReference,
  consolePage,
  consolePart
]

type ServicesOf<R> = R extends Route<infer Services> ? Services : never

/** Everything the service answers. */
export const allRoutes: ReadonlyArray<Route<ServicesOf<(typeof routes)[number]>>> = routes
