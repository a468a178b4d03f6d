import { Data } from "effect"
import type { MembersOf } from "../api/problem/schemas.ts"
import { catalogue, type ProblemCode, type StatusOf } from "../api/problem/catalogue.ts"

/** What a problem says of one occasion. */
export interface Occasion<Code extends ProblemCode> {
  readonly detail: string
  readonly members: MembersOf<Code>
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that is an error (RFC 9457), before it knows the request it belongs to. */
export class Problem extends Data.TaggedError("Problem")<{
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  readonly members: object
  readonly headers: Readonly<Record<string, string>>
}> {}

export const problem = <const Code extends ProblemCode>(
  code: Code,
  status: StatusOf<Code>,
  { detail, members, headers }: Occasion<Code>
): Problem => new Problem({ code, status, detail, members, headers: headers ?? {} })

/** The problem as it is sent. */
export const toDocument = ({ code, status, detail, members }: Problem, requestId: string) => ({
  type: `/problems/${code}`,
  title: catalogue[code].title,
  status,
  detail,
  code,
  instance: requestId,
  ...members
})

/** The problem of a listing that broke off, with how much of it was read. */
export const afterReading = ({ code, status, detail, members, headers }: Problem, entriesRead: number): Problem =>
  new Problem({ code, status, detail, members: { ...members, entries_read: entriesRead }, headers })
