/** What a statement may be given: values that every database takes for the same. */
export type Bindable = null | string | number | bigint | Uint8Array

export const bindable = (value: unknown): Bindable => {
  if (value === null || typeof value === "string" || typeof value === "number") return value
  if (typeof value === "bigint" || value instanceof Uint8Array) return value
  throw new TypeError(`the database has no place for a ${typeof value}`)
}
