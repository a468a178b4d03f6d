import { gunzipSync, gzipSync } from "node:zlib"
import { Effect } from "effect"

/**
 * Scalar's program, which draws an OpenAPI document. The library comes with it but hands it out only inside a page of
 * its own, whose inline script a strict policy forbids: the program is taken out of that page, once, when somebody
 * first asks for it.
 */
const extract = Effect.promise(async () => {
  const [{ HttpRouter }, { HttpApi, HttpApiScalar }] = await Promise.all([
    import("effect/http"),
    import("effect/http-api")
  ])
  const { handler, dispose } = HttpRouter.toWebHandler(HttpApiScalar.layer(HttpApi.make("none"), { path: "/" }), {
    disableLogger: true
  })
  const html = await (await handler(new Request("http://localhost/"))).text()
  await dispose()
  const start = html.indexOf("<script>") + "<script>".length
  return gzipSync(html.slice(start, html.indexOf("</script>", start)))
})

/** The program, compressed: 3 MB would wait in memory otherwise. */
export const program = Effect.runSync(Effect.cached(extract))

/** The same for whoever takes nothing compressed: once somebody has asked for it, one for all of them. */
export const plainProgram = Effect.runSync(Effect.cached(Effect.map(program, (compressed) => gunzipSync(compressed))))

/** Draws this service's own description. Nothing is loaded from elsewhere, the fonts included. */
export const start = `Scalar.createApiReference("#reference", ${JSON.stringify({
  url: "/openapi.json",
  withDefaultFonts: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  authentication: { preferredSecurityScheme: "bearer" },
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true }
})})
`

export const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API – Keyhole</title>
</head>
<body>
<div id="reference"></div>
<noscript>The same description, for programs, is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/reference.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

/** The program makes its style elements itself, so inline styles are let in, here only; inline scripts are not. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join("; ")
