import { Predicate, Result } from "effect"

/** A JWS in compact form (RFC 7515 §7.1), taken apart; nothing of it is proved yet. */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  /** What is signed: header and payload as they stand in the token. */
  readonly signed: Buffer
  readonly payload: Buffer
  readonly signature: Buffer
}

/** Longer than any token of ours; whatever is longer is not looked at. */
export const MAX_LENGTH = 8192
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The bytes of the one spelling that base64url has for them (RFC 7515 §2, RFC 4648 §3.5). */
const decodeCanonical = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, "base64url")
  return text.length > 0 && bytes.toString("base64url") === text ? bytes : undefined
}

/**
 * A JSON object as `JSON.stringify` writes it, which is how every token of ours is written. Whatever is spelt in another
 * way is refused: with it goes an object in which a name comes twice (RFC 7515 §4).
 */
export const parseObject = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined =>
  Result.getOrUndefined(
    Result.try(() => {
      const text = utf8.decode(bytes)
      const value: unknown = JSON.parse(text)
      return Predicate.isObject(value) && JSON.stringify(value) === text ? value : undefined
    })
  )

/** Takes a token apart, or says what is wrong with its form. */
export const parse = (token: string): Result.Result<Jwt, string> => {
  const [head, body, tail, ...more] = token.split(".", 4)
  if (head === undefined || body === undefined || tail === undefined || more.length > 0) {
    return Result.fail("not three parts")
  }
  const [headerBytes, payload, signature] = [decodeCanonical(head), decodeCanonical(body), decodeCanonical(tail)]
  if (headerBytes === undefined || payload === undefined || signature === undefined) {
    return Result.fail("not canonical base64url")
  }
  const header = parseObject(headerBytes)
  if (header === undefined) return Result.fail("the header is not a JSON object in plain form")
  return Result.succeed({ header, signed: Buffer.from(`${head}.${body}`), payload, signature })
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** What is to be signed for a token (RFC 7515 §5.1). */
export const signingInput = (header: object, claims: object): string => `${part(header)}.${part(claims)}`
