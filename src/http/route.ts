import { Context, Effect, type Redacted, Schema, SchemaAST, type Scope } from "effect"
import type { HttpApiEndpoint } from "effect/http-api"
import type { Request, Response } from "express"
import type { Principal } from "../domain/access/Principal.ts"
import type { RoleRepository } from "../domain/access/RoleRepository.ts"
import type { Client } from "../domain/Client.ts"
import type { NotSameOrigin } from "../domain/session/sameOrigin.ts"
import type { SessionSecret } from "../domain/session/SessionSecret.ts"
import type { SessionSettings } from "../domain/session/SessionSettings.ts"
import type { SessionStore } from "../domain/session/SessionStore.ts"
import type { TokenSettings } from "../domain/token/TokenSettings.ts"
import type { TokenSigner } from "../domain/token/TokenSigner.ts"
import type { TokenStorage } from "../domain/token/TokenStorage.ts"
import type { UserRepository } from "../domain/identity/UserRepository.ts"
import type { ServiceError } from "../domain/ServiceResult.ts"
import { Caller, NeedsPermission } from "./api/Caller.ts"
import { OAuthCaller } from "./api/OAuthCaller.ts"
import { type CodeNamed, SpeaksOAuth } from "./api/OAuthError.ts"
import type { ProblemCode } from "./api/problem/catalogue.ts"
import { authenticate, authenticateAgain, bearerToken } from "./authenticate.ts"
import { clientOf } from "./clientOf.ts"
import type { Endpoint } from "./Endpoint.ts"
import { decoders, parseQuery } from "./decode.ts"
import type { Problem } from "./problem/Problem.ts"
import type { ErrorWithCode } from "./problem/table.ts"
import { ofOAuthProblem } from "./oauthError.ts"
import { proveSameOrigin, refuseForeign } from "./proveSameOrigin.ts"
import { readBody } from "./readBody.ts"
import { json, ofProblem, type Reply } from "./Reply.ts"
import { requestId } from "./requestId.ts"
import { sessionSecret } from "./sessionCookie.ts"
import { TrustedProxies } from "./TrustedProxies.ts"

type CallerServices =
  | RoleRepository
  | SessionSettings
  | SessionStore
  | TokenSettings
  | TokenSigner
  | TokenStorage
  | UserRepository

/** What makes an endpoint one that needs a caller. */
const CALLERS: ReadonlySet<string> = new Set([Caller.key, OAuthCaller.key])
type NeedsCaller<E extends Endpoint> =
  Extract<HttpApiEndpoint.Middleware<E>, Caller | OAuthCaller> extends never ? false : true

/** What a handler is told: the decoded input, and who asks. */
export type Input<E extends Endpoint> = Omit<HttpApiEndpoint.Request<E>, "request" | "endpoint" | "group"> & {
  readonly client: Client
  readonly bearer: Redacted.Redacted<string> | undefined
  /** What the session's cookie says, proved by nothing yet. */
  readonly cookie: SessionSecret | undefined
  /** Fails unless one of our pages made the request. */
  readonly sameOrigin: Effect.Effect<void, NotSameOrigin>
  /** Fails when another page made it. */
  readonly notForeign: Effect.Effect<void, NotSameOrigin>
  readonly headers: Request["headers"]
  readonly method: string
  readonly requestId: string
  /** Which of these types the client likes best (RFC 9110 §12.5.1); the first when it likes none. */
  readonly preferred: <Type extends string>(types: readonly [Type, ...ReadonlyArray<Type>]) => Type
} & (NeedsCaller<E> extends true ? { readonly caller: Principal } : unknown)

type CodeOf<Document> = Document extends { readonly code: infer Code extends ProblemCode }
  ? Code
  : Document extends { readonly error: infer Name }
    ? CodeNamed<Name>
    : never

/** The service errors an endpoint has declared; a handler that fails with another one does not compile. */
export type Declared<E extends Endpoint> = ErrorWithCode<CodeOf<HttpApiEndpoint.Errors<E>>> | Problem

/** An endpoint with what serves it. The scope is the request's: it lives until the answer's last byte has gone. */
export interface Route<R = never> {
  readonly endpoint: Endpoint
  readonly handle: (
    request: Request,
    response: Response
  ) => Effect.Effect<Reply<R | Scope.Scope>, ServiceError | Problem, R | Scope.Scope>
  /** How its errors are written. */
  readonly ofProblem: typeof ofProblem
}

type RouteOf<E extends Endpoint, R> = Route<
  Exclude<R, Scope.Scope> | (NeedsCaller<E> extends true ? CallerServices : never)
>

/** Serves an endpoint whose answer is more than a JSON document: another type, other headers, a stream. */
export const rawRoute = <E extends Endpoint, Failure extends Declared<E>, R, R2 = never>(
  endpoint: E,
  handler: (input: Input<E>) => Effect.Effect<Reply<R2>, Failure, R>
): RouteOf<E, R | R2> => {
  const needsCaller = [...endpoint.middlewares].some(({ key }) => CALLERS.has(key))
  const permission = Context.get(endpoint.annotations, NeedsPermission)
  const speaksOAuth = Context.get(endpoint.annotations, SpeaksOAuth)
  const decode = decoders(endpoint)
  const body = decode.payload && { read: readBody(decode.payload.encoding), decode: decode.payload.decode }
  const handle = Effect.fnUntraced(function* (request: Request, response: Response) {
    const comer = needsCaller ? yield* authenticate(request, permission) : undefined
    const params = yield* Effect.fromResult(decode.params(request.params))
    const query = yield* Effect.fromResult(decode.query(yield* Effect.fromResult(parseQuery(request.url))))
    const payload = body && (yield* Effect.fromResult(body.decode(yield* body.read(request, response))))
    // A body takes as long as its sender likes: whose session was closed by then is no caller any more (OWASP ASVS 5.0 §7.4.1).
    const caller = comer && body ? yield* authenticateAgain(request, permission) : comer
    const input = {
      params,
      query,
      payload,
      caller,
      client: clientOf(request, yield* TrustedProxies),
      bearer: bearerToken(request),
      cookie: sessionSecret(request),
      sameOrigin: proveSameOrigin(request),
      notForeign: refuseForeign(request),
      headers: request.headers,
      method: request.method,
      requestId: requestId(response),
      preferred: (types: readonly [string, ...ReadonlyArray<string>]) => request.accepts([...types]) || types[0]
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the decoders are the endpoint's own
    return yield* handler(input as unknown as Input<E>)
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a caller no service of authentication is asked for
  return { endpoint, handle, ofProblem: speaksOAuth ? ofOAuthProblem : ofProblem } as unknown as RouteOf<E, R | R2>
}

/** `HttpApiSchema.status` leaves its mark on the schema or, when nothing else is there yet, on its key. */
const statusOf = (ast: SchemaAST.AST): number =>
  SchemaAST.resolveAt<number>("httpApiStatus")(ast) ?? ast.context?.annotations?.httpApiStatus ?? 200

/** Serves an endpoint that answers with the one document it declares, or with nothing. */
export const route = <E extends Endpoint, Failure extends Declared<E>, R>(
  endpoint: E,
  handler: (input: Input<E>) => Effect.Effect<HttpApiEndpoint.Success<E>["Type"], Failure, R>,
  headers: Readonly<Record<string, string>> = {}
) => {
  const [success] = endpoint.success
  if (success === undefined) {
    return rawRoute(endpoint, (input) =>
      Effect.as(handler(input), { status: 204, headers, body: null } satisfies Reply)
    )
  }
  const status = statusOf(success.ast)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- endpoints encode without services, which `Top` no longer says
  const encode = Schema.encodeUnknownSync(success as unknown as Schema.Codec<unknown>)
  return rawRoute(endpoint, (input) => Effect.map(handler(input), (value) => json(status, encode(value), headers)))
}
