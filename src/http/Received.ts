import type { Effect, Redacted } from "effect"
import type { Request } from "express"
import type { Client } from "../domain/Client.ts"
import type { Network } from "../domain/network/Address.ts"
import type { NotSameOrigin } from "../domain/session/sameOrigin.ts"
import type { SessionSecret } from "../domain/session/SessionSecret.ts"
import { bearerToken } from "./authenticate.ts"
import { clientOf } from "./clientOf.ts"
import { proveSameOrigin, refuseForeign } from "./proveSameOrigin.ts"
import { sessionSecret } from "./sessionCookie.ts"

/** A request as handlers see it. What it says is read when somebody wants to know. */
export class Received {
  readonly requestId: string
  readonly caller: unknown
  readonly params: unknown
  readonly query: unknown
  readonly payload: unknown
  readonly #request: Request
  readonly #trusted: ReadonlyArray<Network>

  constructor(
    request: Request,
    requestId: string,
    trusted: ReadonlyArray<Network>,
    caller: unknown,
    params: unknown,
    query: unknown,
    payload: unknown
  ) {
    this.#request = request
    this.#trusted = trusted
    this.requestId = requestId
    this.caller = caller
    this.params = params
    this.query = query
    this.payload = payload
  }

  get client(): Client {
    return clientOf(this.#request, this.#trusted)
  }

  get bearer(): Redacted.Redacted<string> | undefined {
    return bearerToken(this.#request)
  }

  /** What the session's cookie says, proved by nothing yet. */
  get cookie(): SessionSecret | undefined {
    return sessionSecret(this.#request)
  }

  /** Fails unless one of our pages made the request. */
  get sameOrigin(): Effect.Effect<void, NotSameOrigin> {
    return proveSameOrigin(this.#request)
  }

  /** Fails when another page made it. */
  get notForeign(): Effect.Effect<void, NotSameOrigin> {
    return refuseForeign(this.#request)
  }

  get headers(): Request["headers"] {
    return this.#request.headers
  }

  get method(): string {
    return this.#request.method
  }

  /** Which of these types the client likes best (RFC 9110 §12.5.1); the first when it likes none. */
  get preferred() {
    return <Type extends string>(types: readonly [Type, ...ReadonlyArray<Type>]): Type => {
      const liked = this.#request.accepts([...types])
      return types.find((type) => type === liked) ?? types[0]
    }
  }
}
