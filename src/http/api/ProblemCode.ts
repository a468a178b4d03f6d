import { accountCatalogue } from "./catalogue/account.ts"
import type { Entry } from "./catalogue/Entry.ts"
import { imageCatalogue } from "./catalogue/images.ts"

/** Every problem the service answers with. Codes are stable. */
export const catalogue = { ...accountCatalogue, ...imageCatalogue } satisfies Record<string, Entry>

export type ProblemCode = keyof typeof catalogue

/** The statuses a problem comes with. */
export type StatusOf<Code extends ProblemCode> = (typeof catalogue)[Code]["statuses"][number]

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(catalogue, code)
