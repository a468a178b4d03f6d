import { percentEncode } from "./percentEncode.ts"

/** RFC 6266: for old clients the name in ASCII, for all others as it is (RFC 8187). */
const disposition = (name: string): string => {
  const ascii = name.toWellFormed().replaceAll(/[^\x20-\x7e]|["\\%]/gu, "_")
  return `attachment; filename="${ascii}"; filename*=UTF-8''${percentEncode(name.toWellFormed())}`
}

/** A stranger's bytes, to be saved under a name. Whatever they are, in a browser they run nothing, and belong to no origin. */
export const asDownload = (name: string) => ({
  "Content-Disposition": disposition(name),
  "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"
})
