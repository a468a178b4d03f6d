import { Schema } from "effect"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { Grant } from "../../../domain/access/Permission.ts"
import { catalogue, type ProblemCode, type StatusOf } from "./catalogue.ts"

/** What is wrong with one place of the input; `pointer` is an RFC 6901 pointer into the body or the query. */
const InputError = Schema.Struct({ pointer: Schema.String, detail: Schema.String })
export type InputError = typeof InputError.Type

/** What a problem says beyond RFC 9457 §3.1, by code. */
const members = {
  "invalid-request": Schema.Struct({ errors: Schema.optionalKey(Schema.Array(InputError)) }),
  "weak-password": Schema.Struct({ errors: Schema.Array(InputError) }),
  forbidden: Schema.Struct({ permission: Grant }),
  "platform-not-found": Schema.Struct({ platforms: Schema.Array(Schema.String) }),
  "file-deleted": Schema.Struct({ layer: Schema.Int }),
  "registry-not-allowed": Schema.Struct({
    host: Schema.String,
    hop: Schema.Literals(["registry", "realm", "redirect", "layer-url", "link"])
  }),
  "layer-limit-exceeded": Schema.Struct({
    limit: Schema.Literals(["bytes", "entries", "names", "time"]),
    value: Schema.Number
  })
} satisfies Partial<Record<ProblemCode, Schema.Top>>
export const MembersByCode = Schema.Struct(members)
type MembersByCode = typeof MembersByCode.Type

interface NoMembers {
  readonly errors?: never
}

/** The members beside the standard ones that a problem of this code carries. */
export type MembersOf<Code extends ProblemCode> = Code extends keyof MembersByCode ? MembersByCode[Code] : NoMembers

/** A problem as it is sent. */
type ProblemDocument<Code extends ProblemCode> = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: Code
  readonly instance: string
  /** How much of a listing was read before it failed. */
  readonly entries_read?: number
} & MembersOf<Code>

type ProblemSchema<Code extends ProblemCode> = Schema.Codec<ProblemDocument<Code>>

const fieldsOf = (code: ProblemCode): Schema.Struct.Fields => {
  const all: Partial<Record<ProblemCode, Schema.Struct<Schema.Struct.Fields>>> = members
  return all[code]?.fields ?? {}
}

const problemSchema = (code: ProblemCode, status: number) =>
  Schema.Struct({
    type: Schema.Literal(`/problems/${code}`),
    title: Schema.String,
    status: Schema.Literal(status),
    detail: Schema.String,
    code: Schema.Literal(code),
    instance: Schema.String,
    entries_read: Schema.optionalKey(Schema.Int),
    ...fieldsOf(code)
  })
    .annotate({
      identifier: `Problem.${code}.${status}`,
      title: catalogue[code].title,
      description: `\`${code}\`: ${catalogue[code].title}`
    })
    .pipe(HttpApiSchema.asJson({ contentType: "application/problem+json" }), HttpApiSchema.status(status))

// One schema a problem and status, so that OpenAPI describes each once.
const made = new Map<string, ReturnType<typeof problemSchema>>()

const declared = <const Code extends ProblemCode>(code: Code, status: number): ProblemSchema<Code> => {
  const key = `${code} ${status}`
  const schema = made.get(key) ?? problemSchema(code, status)
  made.set(key, schema)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields are put together by code, which only a type can say
  return schema as unknown as ProblemSchema<Code>
}

/** The schema of a problem with one of its statuses. */
export const problemWith = <const Code extends ProblemCode>(code: Code, status: StatusOf<Code>): ProblemSchema<Code> =>
  declared(code, status)

/** The problems an endpoint may answer with, for its declaration. */
export const problems = <const Codes extends ReadonlyArray<ProblemCode>>(
  ...codes: Codes
): ReadonlyArray<ProblemSchema<Codes[number]>> =>
  codes.flatMap((code: Codes[number]) => catalogue[code].statuses.map((status) => declared(code, status)))

/** `invalid-request` where there is no body: nothing can be malformed, too large or of another type. */
export const invalidQuery = problemWith("invalid-request", 422)
