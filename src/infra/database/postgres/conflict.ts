import type { StorageUnavailable } from "../../../domain/storage/StorageUnavailable.ts"

const CONFLICT: ReadonlySet<unknown> = new Set([
  "40001", // serialization failure
  "40P01" // deadlock
])

/**
 * Whether a unit of work only lost to others: the server has undone it, and says that it may well succeed when it is run
 * again.
 */
export const isConflict = ({ cause }: StorageUnavailable): boolean =>
  cause instanceof Error && "code" in cause && CONFLICT.has(cause.code)
