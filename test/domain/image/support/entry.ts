import type { Entry } from "../../../../src/domain/image/Entry.ts"

/** An entry of which a test says only what it is about. */
export const entry = (path: string, given: Partial<Entry> = {}): Entry => ({
  path,
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  layer: 0,
  ...given
})
