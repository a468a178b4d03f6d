import { Effect } from "effect"
import { closeOwn } from "../../domain/session/closeOwn.ts"
import { listOwn } from "../../domain/session/listOwn.ts"
import * as api from "../api/account.ts"
import { route } from "../route.ts"
import { viewSession } from "../view/session.ts"
import { viewUser } from "../view/user.ts"

export const me = route(api.me, ({ caller }) => Effect.succeed(viewUser(caller.user, caller.grants)))

export const listSessions = route(api.listSessions, ({ caller }) =>
  Effect.map(listOwn(caller), (sessions) => ({
    sessions: sessions.map((session) => viewSession(session, caller.sessionId))
  }))
)

export const closeSession = route(api.closeSession, ({ caller, params, client }) => closeOwn(caller, params.id, client))
