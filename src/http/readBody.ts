import { Effect } from "effect"
import express, { type Request, type Response } from "express"
import { malformed, tooLarge, unsupportedType } from "./refuse.ts"

const LIMIT = 64 * 1024

// A compressed body would pass the limit before it is known how large it is: none is taken.
const read = express.raw({ limit: LIMIT, inflate: false, type: () => true })

const refusal = (error: unknown) => {
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : undefined
  if (type === "entity.too.large") return tooLarge(LIMIT)
  if (type === "encoding.unsupported") return unsupportedType("The body must not be compressed")
  return malformed("The body could not be read")
}

const bytes = (request: Request, response: Response) =>
  Effect.callback<Uint8Array, ReturnType<typeof refusal>>((resume) => {
    read(request, response, (error?: unknown) => {
      const body: unknown = request.body
      resume(
        error === undefined
          ? Effect.succeed(body instanceof Uint8Array ? body : new Uint8Array())
          : Effect.fail(refusal(error))
      )
    })
  })

const utf8 = new TextDecoder("utf-8", { fatal: true })

const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0"

const isJson = (request: Request): boolean =>
  request.is("application/json") !== false &&
  // RFC 8259 §8.1: JSON between systems is UTF-8, and a parameter that says otherwise is not believed but refused.
  !/;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/iu.test(request.headers["content-type"] ?? "")

/** The request's JSON. A request without a body has said nothing, which is what an empty object says. */
export const readJson = Effect.fnUntraced(function* (request: Request, response: Response) {
  if (!hasBody(request)) return {}
  if (!isJson(request)) {
    return yield* unsupportedType("The body must be JSON, with the header Content-Type: application/json")
  }
  const body = yield* bytes(request, response)
  return yield* Effect.try({
    try: (): unknown => JSON.parse(utf8.decode(body)),
    catch: () => malformed("The body is not well-formed JSON in UTF-8")
  })
})
