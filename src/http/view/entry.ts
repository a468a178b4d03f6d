import type { Entry } from "../../domain/image/Entry.ts"
import { isUtf8, rawBytes } from "../../domain/image/name.ts"
import { timestamp } from "../../domain/image/timestamp.ts"
import type { EntryDocument } from "../api/imageDocuments.ts"

/** Bytes of a name that are no UTF-8 are shown as U+FFFD; `path_base64` has them all. */
export const viewPath = ({ path }: Entry) => ({
  path: path.toWellFormed(),
  ...(!isUtf8(path) && { path_base64: Buffer.from(rawBytes(path)).toString("base64") })
})

/** An entry as it is sent. */
export const viewEntry = (entry: Entry): EntryDocument => ({
  ...viewPath(entry),
  type: entry.type,
  mode: entry.mode,
  uid: entry.uid,
  gid: entry.gid,
  ...(entry.uname !== undefined && { uname: entry.uname.toWellFormed() }),
  ...(entry.gname !== undefined && { gname: entry.gname.toWellFormed() }),
  size: entry.size,
  mtime: timestamp(entry.mtime),
  ...(entry.link !== undefined && { link: entry.link.toWellFormed() }),
  layer: entry.layer,
  ...(entry.whiteout !== undefined && { whiteout: entry.whiteout })
})
