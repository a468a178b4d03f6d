import type { Events, Registries, Session, User } from "./documents.ts"
import { documentOf, done, type Signed } from "./wire.ts"

const at = (strings: TemplateStringsArray, name: string): string =>
  `${strings[0]}${encodeURIComponent(name)}${strings[1]}`

/** What somebody does with their own account. */
export const account = (send: Signed) => ({
  me: (): Promise<User> => documentOf(send({ path: "/users/me" })),
  rename: (name: string | null): Promise<User> =>
    documentOf(send({ method: "PATCH", path: "/users/me", body: { name } })),
  /** Ends every other session. */
  changePassword: (current_password: string, new_password: string): Promise<void> =>
    done(send({ method: "PUT", path: "/users/me/password", body: { current_password, new_password } })),
  deleteAccount: (current_password: string): Promise<void> =>
    done(send({ method: "POST", path: "/users/me/delete", body: { current_password } })),
  myEvents: (query: { readonly limit?: number; readonly before?: string } = {}): Promise<Events> =>
    documentOf(send({ path: "/users/me/events", query })),
  sessions: async (): Promise<ReadonlyArray<Session>> =>
    (await documentOf<{ readonly sessions: ReadonlyArray<Session> }>(send({ path: "/sessions" }))).sessions,
  endSession: (id: string): Promise<void> => done(send({ method: "DELETE", path: at`/sessions/${id}` })),
  registries: (): Promise<Registries> => documentOf(send({ path: "/registries" })),
  setCredential: (host: string, credential: { readonly username: string; readonly password: string }): Promise<void> =>
    done(send({ method: "PUT", path: at`/registries/${host}/credentials`, body: credential })),
  removeCredential: (host: string): Promise<void> =>
    done(send({ method: "DELETE", path: at`/registries/${host}/credentials` }))
})
