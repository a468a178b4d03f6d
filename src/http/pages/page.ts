import { createHash } from "node:crypto"
import type { Reply } from "../Reply.ts"

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
body { max-width: 42rem; margin: 4rem auto; padding: 0 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin-bottom: 0.25rem }
code { font-family: ui-monospace, monospace; font-size: 0.9em }
.code { opacity: 0.75; margin-top: 0 }
`

const hash = createHash("sha256").update(style).digest("base64")

const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A page of text: it runs no script and loads nothing. */
export const page = (title: string, body: string): Reply => ({
  status: 200,
  headers: {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy,
    "Cache-Control": "public, max-age=3600"
  },
  body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Keyhole</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
})
