import { basename } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { brotliCompress, gzip } from "node:zlib"
import { Effect } from "effect"

const SOURCE = fileURLToPath(new URL("../../console/", import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml"
}

/** A file of the console, as it is and compressed. Its name says what is in it. */
interface Part {
  readonly type: string
  readonly plain: Uint8Array
  readonly br: Uint8Array
  readonly gzip: Uint8Array
}

const pack = async (name: string, plain: Uint8Array): Promise<readonly [string, Part]> => [
  name,
  {
    type: TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    plain,
    br: await promisify(brotliCompress)(plain),
    gzip: await promisify(gzip)(plain)
  }
]

const page = (names: ReadonlyArray<string>): string => {
  const named = (ending: string) => `/console/${names.find((name) => name.endsWith(ending))}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Keyhole</title>
<link rel="icon" href="${named(".svg")}">
<link rel="stylesheet" href="${named(".css")}">
<script type="module" src="${named(".js")}"></script>
</head>
<body>
<div id="console"></div>
<noscript>The console needs JavaScript. The API it stands on is described at <a href="/docs">/docs</a>.</noscript>
</body>
</html>
`
}

/** Bundles the console from its sources. The bundler is loaded for that alone, and its process ended after. */
const bundle = Effect.promise(async () => {
  const { build, stop } = await import("esbuild")
  const { outputFiles } = await build({
    entryPoints: { console: `${SOURCE}main.tsx`, style: `${SOURCE}console.css`, keyhole: `${SOURCE}keyhole.svg` },
    entryNames: "[name]-[hash]",
    outdir: SOURCE,
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    legalComments: "none"
  })
  await stop()
  const parts = new Map(await Promise.all(outputFiles.map(({ path, contents }) => pack(basename(path), contents))))
  return { html: page([...parts.keys()]), parts }
})

/** The console, made when somebody first asks for it: the start of the service waits for nothing. */
export const bundled = Effect.runSync(Effect.cached(bundle))

/** Nothing but the console's own files, and pictures that it has carved itself; no string becomes a script. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join("; ")
