import { Context, Effect, Metric, Redacted } from "effect"
import type { Request } from "express"
import { authorize, Forbidden } from "../domain/access/authorize.ts"
import type { Permission } from "../domain/access/Permission.ts"
import type { Principal } from "../domain/access/Principal.ts"
import { recognize } from "../domain/session/recognize.ts"
import { authenticate as prove } from "../domain/token/authenticate.ts"
import type { KnownCallers } from "../domain/token/KnownCallers.ts"
import { TokenMissing } from "../domain/token/TokenError.ts"
import { proveSameOrigin } from "./proveSameOrigin.ts"
import { notBearer } from "./refuse.ts"
import { sessionSecret } from "./sessionCookie.ts"

const tokenOf = (authorization = ""): string | undefined => /^Bearer +(\S+) *$/iu.exec(authorization)?.[1]

/** The token of the Authorization header (RFC 6750 §2.1), which is the only place where one is looked for. */
export const bearerToken = ({ headers }: Request): Redacted.Redacted<string> | undefined => {
  const token = tokenOf(headers.authorization)
  return token === undefined ? undefined : Redacted.make(token)
}

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"])

/**
 * Who calls: by the access token, which no browser sends by itself, or by the session's cookie, which it does; a change then
 * needs proof that one of our pages asked for it.
 */
const identify = Effect.fnUntraced(function* (request: Request) {
  const token = bearerToken(request)
  if (token !== undefined) return yield* prove(token)
  if (request.headers.authorization !== undefined) return yield* notBearer
  const secret = sessionSecret(request)
  if (secret === undefined) return yield* new TokenMissing()
  if (!SAFE.has(request.method)) yield* proveSameOrigin(request)
  return yield* recognize(secret)
})

const verifications = (outcome: string) =>
  Metric.counter("keyhole_authentications_total", {
    description: "Who called with a token or a cookie, by what came of it",
    incremental: true,
    attributes: { outcome }
  })
const ACCEPTED = verifications("accepted")
const counted = (outcome: string) => Metric.update(verifications(outcome), 1)

const services = Context.empty()

const permitted = (caller: Principal, permission: Permission | null) =>
  permission !== null && !authorize(caller.grants, permission)
    ? Effect.fail(new Forbidden({ permission }))
    : Effect.succeed(caller)

/** Whom the request's token is known to be of, who has been judged before and need not be waited for. */
const known = ({ headers }: Request, callers: KnownCallers): Principal | undefined => {
  const token = tokenOf(headers.authorization)
  return token === undefined ? undefined : callers.recall(token)
}

/** Who calls, if they may do what the permission stands for. */
export const authenticate = (request: Request, permission: Permission | null, callers: KnownCallers) => {
  const caller = known(request, callers)
  if (caller !== undefined) {
    ACCEPTED.updateUnsafe(1, services)
    return permitted(caller, permission)
  }
  return identify(request).pipe(
    Effect.tapError(({ _tag }) => counted(_tag)),
    Effect.tap(() => Metric.update(ACCEPTED, 1)),
    Effect.flatMap((found) => permitted(found, permission))
  )
}

/** As `authenticate` for a request that has been counted, some time later. */
export const authenticateAgain = (request: Request, permission: Permission | null) =>
  Effect.flatMap(identify(request), (caller) => permitted(caller, permission))
