import { Effect } from "effect"
import { changePassword as replacePassword } from "../../domain/identity/changePassword.ts"
import { deleteOwn as remove } from "../../domain/identity/deleteUser.ts"
import { rename as changeName } from "../../domain/identity/rename.ts"
import { Countries } from "../../domain/network/Countries.ts"
import { closeAll } from "../../domain/session/closeAll.ts"
import { closeOwn } from "../../domain/session/closeOwn.ts"
import { SessionSettings } from "../../domain/session/SessionSettings.ts"
import { listOwn } from "../../domain/session/listOwn.ts"
import * as api from "../api/account.ts"
import { weakPassword } from "../problem/accountRows.ts"
import { problem } from "../problem/Problem.ts"
import { rawRoute, replying, route } from "../route.ts"
import { clearCookie, setCookie } from "../sessionCookie.ts"
import { viewSession } from "../view/session.ts"
import { viewUser } from "../view/user.ts"
import { writtenOnce } from "../view/writtenOnce.ts"

const replyOf = replying(api.me)
const own = writtenOnce((user, grants) => replyOf(viewUser(user, grants)))

export const me = rawRoute(api.me, ({ caller }) => Effect.succeed(own(caller.user, caller.grants)))

export const rename = route(api.rename, ({ caller, payload }) =>
  Effect.map(changeName(caller, payload.name), (user) => viewUser(user, caller.grants))
)

export const changePassword = rawRoute(
  api.changePassword,
  Effect.fnUntraced(function* ({ caller, payload, client, cookie }) {
    const secret = yield* replacePassword(
      caller,
      {
        current: payload.current_password,
        next: payload.new_password,
        ...(caller.kind === "cookie" && cookie !== undefined && { secret: cookie })
      },
      client
    ).pipe(
      Effect.catchTag("WeakPassword", ({ rule }) =>
        Effect.fail(problem("weak-password", 422, weakPassword(rule, "/new_password")))
      )
    )
    const { max } = yield* SessionSettings
    return { status: 204, headers: secret === undefined ? {} : setCookie(secret, max), body: null }
  })
)

export const deleteOwn = route(
  api.deleteOwn,
  ({ caller, payload, client }) => remove(caller, payload.current_password, client),
  clearCookie
)

export const listSessions = route(
  api.listSessions,
  Effect.fnUntraced(function* ({ caller }) {
    const countries = yield* Countries
    return { sessions: (yield* listOwn(caller)).map(viewSession(caller.sessionId, countries.of)) }
  })
)

export const closeSession = route(api.closeSession, ({ caller, params, client }) => closeOwn(caller, params.id, client))

export const logoutAll = route(
  api.logoutAll,
  ({ caller, client }) =>
    Effect.map(closeAll(caller.user.id, "signed-out", client), (count) => ({ sessions_revoked: count })),
  clearCookie
)
