import type { Events, EventType, Grant, Member, Members, PublicKeys, Role, Roles } from "./documents.ts"
import { documentOf, done, type Signed } from "./wire.ts"

const user = (id: string): string => `/users/${encodeURIComponent(id)}`
const role = (name: string): string => `/roles/${encodeURIComponent(name)}`

/** What those may do who administer. */
export const administration = (send: Signed) => ({
  users: (
    query: { readonly query?: string; readonly limit?: number; readonly after?: string } = {}
  ): Promise<Members> => documentOf(send({ path: "/users", query })),
  user: (id: string): Promise<Member> => documentOf(send({ path: user(id) })),
  setDisabled: (id: string, disabled: boolean): Promise<Member> =>
    documentOf(send({ method: "PATCH", path: user(id), body: { disabled } })),
  setRoles: (id: string, roles: ReadonlyArray<string>): Promise<Member> =>
    documentOf(send({ method: "PUT", path: `${user(id)}/roles`, body: { roles } })),
  deleteUser: (id: string): Promise<void> => done(send({ method: "DELETE", path: user(id) })),
  endSessionsOf: (id: string): Promise<void> => done(send({ method: "DELETE", path: `${user(id)}/sessions` })),
  roles: (): Promise<Roles> => documentOf(send({ path: "/roles" })),
  defineRole: (name: string, permissions: ReadonlyArray<Grant>): Promise<Role> =>
    documentOf(send({ method: "PUT", path: role(name), body: { permissions } })),
  removeRole: (name: string): Promise<void> => done(send({ method: "DELETE", path: role(name) })),
  events: (
    query: {
      readonly user_id?: string
      readonly type?: EventType
      readonly limit?: number
      readonly before?: string
    } = {}
  ): Promise<Events> => documentOf(send({ path: "/events", query })),
  publicKeys: (): Promise<PublicKeys> => documentOf(send({ path: "/.well-known/jwks.json" }))
})
