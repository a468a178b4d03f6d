import { createContext } from "preact"
import { Problem } from "../../client/client.ts"

/** What is wrong with single fields of a form, by their names. */
type Marks = ReadonlyMap<string, string>

/** Problems that are about one field, though their documents point at none. */
const FIELDS: Readonly<Partial<Record<Problem["code"], string>>> = {
  "email-taken": "email",
  "wrong-password": "current_password",
  "built-in-role": "name"
}

/** What a failure says of single fields. */
export const marksIn = (failed: unknown): Marks => {
  if (!(failed instanceof Problem)) return new Map()
  const field = FIELDS[failed.code]
  if (field !== undefined) return new Map([[field, failed.message]])
  return new Map(failed.document.errors?.map(({ pointer, detail }) => [pointer.slice(1), detail]))
}

/** The marks of the form that a field is in. */
export const Marked = createContext<Marks>(new Map())
