import type { InputError, ProblemCode, ProblemMembers } from "./documents.ts"

interface NoMembers {
  readonly errors?: never
}

/** The members beside the standard ones that a problem of this code carries. */
type MembersOf<Code extends ProblemCode> = Code extends keyof ProblemMembers ? ProblemMembers[Code] : NoMembers

/** What every problem says of itself (RFC 9457 §3.1). */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  readonly instance: string
  /** How much of a listing was read before it failed. */
  readonly entries_read?: number
  readonly errors?: ReadonlyArray<InputError>
}

/** An answer of the service that is an error. */
export class Problem extends Error {
  override readonly name = "Problem"
  readonly code: ProblemCode
  readonly status: number
  readonly document: ProblemDocument
  /** After how many seconds to try again, when the service said. */
  readonly retryAfter: number | undefined

  constructor(document: ProblemDocument, retryAfter?: number) {
    super(document.detail)
    this.code = document.code
    this.status = document.status
    this.document = document
    this.retryAfter = retryAfter
  }

  /** Whether it is this problem; its own members are then known. */
  is<Code extends ProblemCode>(code: Code): this is Problem & { readonly document: MembersOf<Code> } {
    return this.code === code
  }

  /** What is wrong with one place of the input, by its pointer. */
  at(pointer: string): string | undefined {
    return this.document.errors?.find((error) => error.pointer === pointer)?.detail
  }
}

/** There was no answer, or not a whole one: the network, the service or somebody between them failed. */
export class Unreachable extends Error {
  override readonly name = "Unreachable"
}

const isProblem = (value: unknown): value is ProblemDocument =>
  typeof value === "object" && value !== null && "code" in value && "detail" in value && "status" in value

/** The problem that an answer with an error status is. */
export const problemOf = async (response: Response): Promise<Problem | Unreachable> => {
  const document: unknown = await response.json().catch(() => undefined)
  if (!isProblem(document)) return new Unreachable(`The answer is ${response.status}, and not of this service`)
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN)
  return new Problem(document, Number.isNaN(seconds) ? undefined : seconds)
}
