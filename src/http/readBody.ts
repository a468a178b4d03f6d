import { Effect, type Result } from "effect"
import express, { type Request, type Response } from "express"
import { parseForm, parseJson } from "./parseBody.ts"
import type { Problem } from "./problem/Problem.ts"
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

const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0"

/** Of that media type, and in UTF-8: a parameter that says otherwise is not believed but refused (RFC 8259 §8.1). */
const isOf = (request: Request, mediaType: string): boolean =>
  request.is(mediaType) !== false &&
  !/;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/iu.test(request.headers["content-type"] ?? "")

/** What a body may be, and how it is read. */
interface Kind {
  readonly mediaType: string
  readonly name: string
  readonly parse: (body: Uint8Array) => Result.Result<unknown, Problem>
}

const kinds: Readonly<Record<string, Kind>> = {
  Json: { mediaType: "application/json", name: "JSON", parse: parseJson },
  FormUrlEncoded: { mediaType: "application/x-www-form-urlencoded", name: "a form", parse: parseForm }
}

/** Reads bodies in the encoding that an endpoint declares. One that is not there has said nothing, which is what `{}` says. */
export const readBody = (encoding: string) => {
  const kind = kinds[encoding]
  if (kind === undefined) throw new Error(`No body is read in the encoding ${encoding}`)
  const { mediaType, name, parse } = kind
  return Effect.fnUntraced(function* (request: Request, response: Response) {
    if (!hasBody(request)) return {}
    if (!isOf(request, mediaType)) {
      return yield* unsupportedType(`The body must be ${name}, with the header Content-Type: ${mediaType}`)
    }
    return yield* Effect.fromResult(parse(yield* bytes(request, response)))
  })
}
