import type { IncomingMessage } from "node:http"
import { type Effect, type Redacted, Schema, type Scope } from "effect"
import type {
  Hop,
  RegistryNotAllowed,
  RegistryRateLimited,
  RegistryTimeout,
  RegistryUnreachable
} from "../../domain/registry/RegistryError.ts"

/** A request to one URL; what proves who asks stands apart from the other headers, so that it cannot travel with them. */
export interface Request {
  readonly method: "GET" | "HEAD" | "POST"
  readonly url: URL
  readonly hop: Hop
  readonly headers: Readonly<Record<string, string>>
  readonly authorization?: Redacted.Redacted
  readonly body?: Redacted.Redacted
}

/** An answer whose body has not been read. Its connection lives as long as the scope the request was made in. */
export interface Answer {
  /** Who answered, after redirects. */
  readonly url: URL
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly fields: (name: string) => ReadonlyArray<string>
  readonly message: IncomingMessage
}

/** The connection broke, or was never made, for a reason that may be gone the next time. */
export class ConnectionLost extends Schema.TaggedError<ConnectionLost>()("ConnectionLost", {
  host: Schema.String,
  reason: Schema.String
}) {}

/** How one attempt fails. */
export type AttemptError = ConnectionLost | RegistryNotAllowed | RegistryTimeout | RegistryUnreachable

/** How a request fails that was tried again where that is of use. */
export type RequestError = RegistryNotAllowed | RegistryRateLimited | RegistryTimeout | RegistryUnreachable

/** One layer of the client: connect, follow redirects, retry, authorize. Each takes the one below. */
export type Send<E> = (request: Request) => Effect.Effect<Answer, E, Scope.Scope>
