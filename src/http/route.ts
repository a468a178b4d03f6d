import { Context, Effect, Result, Schema, SchemaAST, type Scope } from "effect"
import type { HttpApiEndpoint } from "effect/http-api"
import type { Request } from "express"
import type { Principal } from "../domain/access/Principal.ts"
import type { RoleRepository } from "../domain/access/RoleRepository.ts"
import type { SessionSettings } from "../domain/session/SessionSettings.ts"
import type { SessionStore } from "../domain/session/SessionStore.ts"
import { KnownCallers } from "../domain/token/KnownCallers.ts"
import type { TokenSettings } from "../domain/token/TokenSettings.ts"
import type { TokenSigner } from "../domain/token/TokenSigner.ts"
import type { TokenStorage } from "../domain/token/TokenStorage.ts"
import type { UserRepository } from "../domain/identity/UserRepository.ts"
import type { ServiceError } from "../domain/ServiceResult.ts"
import { Caller, NeedsPermission } from "./api/Caller.ts"
import { OAuthCaller } from "./api/OAuthCaller.ts"
import { type CodeNamed, SpeaksOAuth } from "./api/OAuthError.ts"
import type { ProblemCode } from "./api/problem/catalogue.ts"
import { authenticate, authenticateAgain } from "./authenticate.ts"
import type { Endpoint } from "./Endpoint.ts"
import { decoders, parseQuery } from "./decode.ts"
import type { Problem } from "./problem/Problem.ts"
import type { ErrorWithCode } from "./problem/table.ts"
import { ofOAuthProblem } from "./oauthError.ts"
import { readBody } from "./readBody.ts"
import { Received } from "./Received.ts"
import { json, ofProblem, type Reply } from "./Reply.ts"
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
export type Input<E extends Endpoint> = Omit<HttpApiEndpoint.Request<E>, "request" | "endpoint" | "group"> &
  Omit<Received, "params" | "query" | "payload" | "caller"> &
  (NeedsCaller<E> extends true ? { readonly caller: Principal } : unknown)

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
  /** What it need not wait for is done when this returns: an answer that waits for nothing is an `Exit`. */
  readonly handle: (
    request: Request,
    requestId: string,
    services: Context.Context<R>
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
  const handle = Effect.fnUntracedEager(function* (
    request: Request,
    requestId: string,
    services: Context.Context<never>
  ) {
    const callers = Context.get(services, KnownCallers)
    const comer = needsCaller ? yield* authenticate(request, permission, callers) : undefined
    const params = yield* Effect.fromResult(decode.params(request.params))
    const query = yield* Effect.fromResult(Result.flatMap(parseQuery(request.url), decode.query))
    const payload = body && (yield* Effect.fromResult(body.decode(yield* body.read(request))))
    // A body takes as long as its sender likes: whose session was closed by then is no caller any more (OWASP ASVS 5.0 §7.4.1).
    const caller = comer && body ? yield* authenticateAgain(request, permission) : comer
    const received = new Received(
      request,
      requestId,
      Context.get(services, TrustedProxies),
      caller,
      params,
      query,
      payload
    )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the decoders are the endpoint's own
    return yield* handler(received as unknown as Input<E>)
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a caller no service of authentication is asked for
  return { endpoint, handle, ofProblem: speaksOAuth ? ofOAuthProblem : ofProblem } as unknown as RouteOf<E, R | R2>
}

/** `HttpApiSchema.status` leaves its mark on the schema or, when nothing else is there yet, on its key. */
const statusOf = (ast: SchemaAST.AST): number =>
  SchemaAST.resolveAt<number>("httpApiStatus")(ast) ?? ast.context?.annotations?.httpApiStatus ?? 200

/** How an endpoint answers: with the one document it declares, or with nothing. */
export const replying = <E extends Endpoint>(endpoint: E) => {
  const [success] = endpoint.success
  if (success === undefined)
    return (_: unknown, headers: Reply["headers"] = {}): Reply => ({ status: 204, headers, body: null })
  const status = statusOf(success.ast)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- endpoints encode without services, which `Top` no longer says
  const encode = Schema.encodeUnknownSync(success as unknown as Schema.Codec<unknown>)
  return (document: HttpApiEndpoint.Success<E>["Type"], headers?: Reply["headers"]): Reply =>
    json(status, encode(document), headers)
}

/** Serves an endpoint that answers with the one document it declares, or with nothing. */
export const route = <E extends Endpoint, Failure extends Declared<E>, R>(
  endpoint: E,
  handler: (input: Input<E>) => Effect.Effect<HttpApiEndpoint.Success<E>["Type"], Failure, R>,
  headers: Reply["headers"] = {}
) => {
  const reply = replying(endpoint)
  return rawRoute(endpoint, (input) => Effect.map(handler(input), (document) => reply(document, headers)))
}
