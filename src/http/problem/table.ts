import type { ServiceError } from "../../domain/ServiceResult.ts"
import { catalogue, type ProblemCode } from "../api/problem/catalogue.ts"
import { Problem } from "./Problem.ts"
import { accountProblems } from "./accountRows.ts"
import { administrationProblems } from "./administrationRows.ts"
import { imageProblems } from "./imageRows.ts"
import type { Row, Rows } from "./Row.ts"

type Tag = ServiceError["_tag"]
type ErrorOf<T extends Tag> = Extract<ServiceError, { readonly _tag: T }>

const table = { ...accountProblems, ...administrationProblems, ...imageProblems } as const satisfies Rows<ServiceError>

/** The service errors that are answered with one of these codes; an `internal-error` may happen anywhere. */
export type ErrorWithCode<Code extends ProblemCode> = {
  [T in Tag]: (typeof table)[T]["code"] extends Code | "internal-error" ? ErrorOf<T> : never
}[Tag]

/** How a service error is answered. */
export const fromServiceError = <T extends Tag>(error: ErrorOf<T>): Problem => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table is total and each row takes its own error
  const { code, describe } = table[error._tag] as unknown as Row<ErrorOf<T>>
  const { detail, members, headers } = describe(error)
  return new Problem({ code, status: catalogue[code].statuses[0], detail, members, headers: headers ?? {} })
}
