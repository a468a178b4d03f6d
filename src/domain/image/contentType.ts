import { isUtf8, decodeName } from "./name.ts"
import { basename } from "./path.ts"

const OCTETS = "application/octet-stream"
const TEXT = "text/plain; charset=utf-8"

const byExtension: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  wasm: "application/wasm",
  webp: "image/webp",
  woff2: "font/woff2",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip"
}

const byMagic: ReadonlyArray<readonly [magic: string, type: string]> = [
  ["\x7fELF", "application/x-elf"],
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["GIF8", "image/gif"],
  ["\xff\xd8\xff", "image/jpeg"],
  ["%PDF-", "application/pdf"],
  ["\x1f\x8b", "application/gzip"],
  ["\x28\xb5\x2f\xfd", "application/zstd"],
  ["\xfd7zXZ\0", "application/x-xz"],
  ["BZh", "application/x-bzip2"],
  ["PK\x03\x04", "application/zip"],
  ["\0asm", "application/wasm"],
  ["SQLite format 3\0", "application/vnd.sqlite3"]
]

/** How much of the beginning is looked at. */
const HEAD = 1024

/** Text that was cut off may end inside a character, which takes four bytes at most. */
const isText = (head: Uint8Array, whole: boolean): boolean => {
  if (head.some((byte) => (byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b) || byte === 0x7f)) return false
  const cuts = whole ? [0] : [0, 1, 2, 3]
  return cuts.some((cut) => isUtf8(decodeName(head.subarray(0, Math.max(head.length - cut, 0)))))
}

/**
 * What a file's bytes probably are. What they begin with counts for more than the name, and a name that promises text
 * is not believed when they are none.
 */
export const contentType = (path: string, beginning: Uint8Array): string => {
  const head = beginning.subarray(0, HEAD)
  const start = String.fromCharCode(...head.subarray(0, 16))
  const magic = byMagic.find(([bytes]) => start.startsWith(bytes))
  if (magic !== undefined) return magic[1]
  const extension = /\.([a-z0-9]{1,8})$/iu.exec(basename(path))?.[1]?.toLowerCase() ?? ""
  const named = Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined
  if (isText(head, beginning.length <= HEAD)) return named ?? TEXT
  return named === undefined || named.startsWith("text/") ? OCTETS : named
}
