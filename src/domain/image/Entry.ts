import { Schema } from "effect"

export const EntryType = Schema.Literals(["file", "dir", "symlink", "hardlink", "char", "block", "fifo"])
export type EntryType = typeof EntryType.Type

/** What an archive says of one file. Names are as in `name.ts`; the path is normalised. */
export interface ArchiveEntry {
  readonly path: string
  readonly type: EntryType
  /** The permission bits with setuid, setgid and sticky: twelve bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly uname?: string
  readonly gname?: string
  /** Bytes of content, holes of a sparse file included; 0 for whatever has no content of its own. */
  readonly size: number
  /** Seconds since 1970, with a fraction; an archive may say anything, so years far off too. */
  readonly mtime: number
  /** Where a symbolic link points, as written; for a hard link the normalised path of the file. */
  readonly link?: string
  readonly device?: { readonly major: number; readonly minor: number }
}

/** A file of an image: an archive's entry and the index of the layer it came from. */
export interface Entry extends ArchiveEntry {
  readonly layer: number
  /** In a single layer's listing: `path` is hidden in the layers below, or (`opaque`) what is in it. */
  readonly whiteout?: "file" | "opaque"
}

/** What an entry is known by in a listing: a whiteout of a path and a file at that path are two. */
export const entryKey = ({ path, whiteout }: Entry): string => (whiteout === undefined ? path : `${whiteout}:${path}`)
