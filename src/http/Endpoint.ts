import type { Context, Schema } from "effect"
import type { HttpApiEndpoint } from "effect/http-api"

/** A declared endpoint, as far as serving it needs to know. */
export interface Endpoint extends HttpApiEndpoint.ConstraintRequest {
  readonly path: string
  readonly method: string
  readonly params: Schema.Top | undefined
  readonly query: Schema.Top | undefined
  readonly payload: HttpApiEndpoint.PayloadMap
  readonly success: ReadonlySet<Schema.Top>
  readonly annotations: Context.Context<never>
  readonly middlewares: ReadonlySet<{ readonly key: string }>
}
