import { Effect, type Result } from "effect"
import type { Request } from "express"
import { GrowingBytes } from "../domain/GrowingBytes.ts"
import { parseForm, parseJson } from "./parseBody.ts"
import type { Problem } from "./problem/Problem.ts"
import { malformed, tooLarge, unsupportedType } from "./refuse.ts"

const LIMIT = 64 * 1024

/**
 * For how many milliseconds the rest of a body that is too large is read and thrown away: who still sends when the connection
 * is closed never reads why (RFC 9112 §9.6), and who does not stop is not listened to for ever.
 */
const LINGER = 1000

/** A compressed body would pass the limit before it is known how large it is: none is taken. */
const isCompressed = ({ headers }: Request): boolean =>
  (headers["content-encoding"] ?? "identity").toLowerCase() !== "identity"

const bytes = (request: Request) =>
  Effect.callback<Uint8Array, Problem>((resume) => {
    const gathered = new GrowingBytes()
    let length = 0
    let lingering: NodeJS.Timeout | undefined
    const tell = (outcome: Effect.Effect<Uint8Array, Problem>) => {
      clearTimeout(lingering)
      resume(outcome)
    }
    const refuse = () => tell(Effect.fail(tooLarge(LIMIT)))
    const linger = () => (lingering ??= setTimeout(refuse, LINGER))
    const take = (piece: Uint8Array) => {
      length += piece.length
      if (length <= LIMIT) gathered.add(piece)
      else linger()
    }
    const end = () => (length > LIMIT ? refuse() : tell(Effect.succeed(gathered.take())))
    const fail = () => tell(Effect.fail(malformed("The body could not be read")))
    if (Number(request.headers["content-length"]) > LIMIT) linger()
    request.on("data", take).once("end", end).once("error", fail)
    return Effect.sync(() => clearTimeout(lingering))
  })

/** Whether a request announces content (RFC 9112 §6.3). */
export const hasBody = ({ headers }: Pick<Request, "headers">): boolean =>
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
  return Effect.fnUntraced(function* (request: Request) {
    if (!hasBody(request)) return {}
    if (!isOf(request, mediaType)) {
      return yield* unsupportedType(`The body must be ${name}, with the header Content-Type: ${mediaType}`)
    }
    if (isCompressed(request)) return yield* unsupportedType("The body must not be compressed")
    return yield* Effect.fromResult(parse(yield* bytes(request)))
  })
}
