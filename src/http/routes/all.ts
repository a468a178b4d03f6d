import { closeSession, listSessions, me } from "./account.ts"
import { login, logout, refresh, register } from "./auth.ts"
import { docs, docsReference, docsStart, openapi } from "./docs.ts"
import { file } from "./file.ts"
import { files } from "./files.ts"
import { manifest, tags } from "./images.ts"
import { layer } from "./layer.ts"
import { introspect, metadata, revoke } from "./oauth.ts"
import { listRegistries, removeCredential, setCredential } from "./registries.ts"
import { history, search } from "./looks.ts"
import { jwks, livez, problemPage, readyz } from "./service.ts"
import type { Route } from "../route.ts"

const routes = [
  register,
  login,
  refresh,
  logout,
  me,
  listSessions,
  closeSession,
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
  problemPage,
  openapi,
  docs,
  docsStart,
  docsReference
]

type ServicesOf<R> = R extends Route<infer Services> ? Services : never

/** Everything the service answers. */
export const allRoutes: ReadonlyArray<Route<ServicesOf<(typeof routes)[number]>>> = routes
