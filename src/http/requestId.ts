import { randomUUID } from "node:crypto"
import type { NextFunction, Request, Response } from "express"

const HEADER = "X-Request-Id"

/** Names every request. A name that the client brought is not used: it would let them forge lines of the log. */
export const nameRequest = (_request: Request, response: Response, next: NextFunction): void => {
  response.setHeader(HEADER, randomUUID())
  next()
}

export const requestId = (response: Response): string => String(response.getHeader(HEADER))
