import { Result, Schema, SchemaIssue } from "effect"
import type { Endpoint } from "./Endpoint.ts"
import type { InputError } from "./api/problem/schemas.ts"
import { inWords } from "./inWords.ts"
import type { Problem } from "./problem/Problem.ts"
import { nothingHere, unacceptable } from "./refuse.ts"

// Strict: what is not known is refused, and everything that is wrong is told at once.
const strict = { onExcessProperty: "error", errors: "all" } as const

const UNKNOWN = "This is not known here"

const explain = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "MissingKey") return "This is missing"
    return issue._tag === "UnexpectedKey" ? UNKNOWN : SchemaIssue.defaultLeafHook(issue)
  }
})

/** RFC 6901 §3: `~` and `/` in a name are escaped. */
export const pointerSegment = (segment: PropertyKey): string =>
  String(segment).replaceAll("~", "~0").replaceAll("/", "~1").slice(0, 100)

const pointerTo = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  path.map((segment) => `/${pointerSegment(typeof segment === "object" ? segment.key : segment)}`).join("")

/** What is wrong with a value that stands `at` this place of the input. */
export const inputErrors = ({ issue }: Schema.SchemaError, at = ""): ReadonlyArray<InputError> =>
  explain(issue).issues.map(({ path = [], message }) => ({ pointer: at + pointerTo(path), detail: inWords(message) }))

type Decode = (input: Readonly<Record<string, unknown>>) => Result.Result<unknown, Problem>

const unknownNames = (names: ReadonlyArray<string>): Problem =>
  unacceptable(names.map((name) => ({ pointer: `/${pointerSegment(name)}`, detail: UNKNOWN })))

/** What an endpoint that declares nothing takes. A schema of an object without properties would take every object. */
const nothing: Decode = (input) =>
  Object.keys(input).length === 0 ? Result.succeed(undefined) : Result.fail(unknownNames(Object.keys(input)))

const decoder = (schema: Schema.Top, refuse: (error: Schema.SchemaError) => Problem) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- endpoints decode without services, which `Top` no longer says
  const decode = Schema.decodeUnknownResult(schema as Schema.Codec<unknown>, strict)
  return (input: unknown): Result.Result<unknown, Problem> => Result.mapError(decode(input), refuse)
}

const unacceptableInput = (error: Schema.SchemaError) => unacceptable(inputErrors(error))

/** The decoders of an endpoint, made once. */
export const decoders = (endpoint: Endpoint) => {
  const [body] = endpoint.payload.values()
  return {
    /** An id that cannot exist is an id that does not exist. */
    params: endpoint.params === undefined ? nothing : decoder(endpoint.params, () => nothingHere),
    query: endpoint.query === undefined ? nothing : decoder(endpoint.query, unacceptableInput),
    payload:
      body === undefined
        ? undefined
        : { encoding: body.encoding._tag, decode: decoder(body.schemas[0], unacceptableInput) }
  }
}

export const givenTwice = (pointers: ReadonlyArray<string>): Problem =>
  unacceptable(pointers.map((pointer) => ({ pointer, detail: "This is given more than once" })))

/** Names with their values; a name that comes twice could mean two things, so it is refused. */
export const eachOnce = (
  parameters: ReadonlyArray<readonly [string, string]>
): Result.Result<Readonly<Record<string, string>>, Problem> => {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const [name] of parameters) (seen.has(name) ? twice : seen).add(name)
  return twice.size > 0
    ? Result.fail(givenTwice([...twice].map((name) => `/${pointerSegment(name)}`)))
    : Result.succeed(Object.fromEntries(parameters))
}

/** The query's parameters. */
export const parseQuery = (url: string): Result.Result<Readonly<Record<string, string>>, Problem> => {
  const start = url.indexOf("?")
  return start === -1 ? Result.succeed({}) : eachOnce([...new URLSearchParams(url.slice(start + 1))])
}
