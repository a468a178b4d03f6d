import { Effect, Redacted } from "effect"
import type { Request } from "express"
import { authorize, Forbidden } from "../domain/access/authorize.ts"
import type { Permission } from "../domain/access/Permission.ts"
import { authenticate as prove } from "../domain/token/authenticate.ts"
import { TokenMissing } from "../domain/token/TokenError.ts"
import { notBearer } from "./refuse.ts"

/** The token of the Authorization header (RFC 6750 §2.1), which is the only place where one is looked for. */
export const bearerToken = (request: Request): Redacted.Redacted<string> | undefined => {
  const token = /^Bearer +(\S+) *$/iu.exec(request.headers.authorization ?? "")?.[1]
  return token === undefined ? undefined : Redacted.make(token)
}

/** Who calls, if they may do what the permission stands for. */
export const authenticate = Effect.fnUntraced(function* (request: Request, permission: Permission | null) {
  const token = bearerToken(request)
  if (token === undefined) return yield* request.headers.authorization === undefined ? new TokenMissing() : notBearer
  const caller = yield* prove(token)
  if (permission !== null && !authorize(caller.grants, permission)) return yield* new Forbidden({ permission })
  return caller
})
