import { randomUUID } from "node:crypto"

export const REQUEST_ID = "X-Request-Id"

/** Names a request. A name that the client brought is not used: it would let them forge lines of the log. */
export const nameRequest = (): string => randomUUID()
