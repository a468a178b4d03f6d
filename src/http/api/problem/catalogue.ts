import { Schema } from "effect"
import { accountCatalogue } from "./accountEntries.ts"
import type { Entry } from "./Entry.ts"
import { imageCatalogue } from "./imageEntries.ts"

/** Every problem the service answers with. Codes are stable. */
export const catalogue = { ...accountCatalogue, ...imageCatalogue } satisfies Record<string, Entry>

export type ProblemCode = keyof typeof catalogue

/** The statuses a problem comes with. */
export type StatusOf<Code extends ProblemCode> = (typeof catalogue)[Code]["statuses"][number]

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(catalogue, code)

export const ProblemCodes = Schema.Literals(Object.keys(catalogue).filter(isProblemCode))
