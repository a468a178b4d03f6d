import { Result } from "effect"
import { eachOnce, givenTwice } from "./decode.ts"
import type { Problem } from "./problem/Problem.ts"
import { malformed } from "./refuse.ts"
import { repeatedNames } from "./repeatedNames.ts"

const utf8 = new TextDecoder("utf-8", { fatal: true })

export const parseJson = (body: Uint8Array): Result.Result<unknown, Problem> =>
  Result.try({
    try: () => {
      const text = utf8.decode(body)
      const value: unknown = JSON.parse(text)
      return { value, repeated: repeatedNames(text) }
    },
    catch: () => malformed("The body is not well-formed JSON in UTF-8")
  }).pipe(
    Result.flatMap(({ value, repeated }) =>
      repeated.length > 0 ? Result.fail(givenTwice(repeated)) : Result.succeed(value)
    )
  )

/** Percent-encoded UTF-8, a plus for a space; what is neither is not guessed at, as `URLSearchParams` would. */
const decoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "))

const parameter = (text: string): readonly [string, string] => {
  const equals = text.indexOf("=")
  return equals === -1 ? [decoded(text), ""] : [decoded(text.slice(0, equals)), decoded(text.slice(equals + 1))]
}

/**
 * The parameters of a form as OAuth sends them (RFC 6749 appendix B): none may come twice, and one without a value is as good
 * as left out (§3.1).
 */
export const parseForm = (body: Uint8Array): Result.Result<Readonly<Record<string, string>>, Problem> =>
  Result.try({
    try: () =>
      utf8
        .decode(body)
        .split("&")
        .filter((text) => text !== "")
        .map(parameter),
    catch: () => malformed("The body is not a well-formed form in UTF-8")
  }).pipe(
    Result.flatMap(eachOnce),
    Result.map((parameters) => Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== "")))
  )
