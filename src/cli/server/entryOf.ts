import type { Entry as Document } from "../../client/client.ts"
import type { Entry } from "../../domain/image/Entry.ts"
import { decodeName } from "../../domain/image/name.ts"

/** Half a millisecond more: seconds are binary fractions, and whoever writes them again rounds them down. */
const seconds = (time: string): number => (Date.parse(time) + 0.5) / 1000

/** An entry that a server sent. The numbers of a device are not told. */
export const entryOf = ({ path, path_base64, mtime, ...rest }: Document): Entry => ({
  ...rest,
  path: path_base64 === undefined ? path : decodeName(Buffer.from(path_base64, "base64")),
  mtime: seconds(mtime)
})
