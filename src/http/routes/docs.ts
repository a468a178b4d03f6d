import { Effect } from "effect"
import { describe } from "../api/description.ts"
import * as api from "../api/service.ts"
import { contentCoding } from "../contentCoding.ts"
import { html, plainProgram, policy, program, start } from "../pages/reference.ts"
import { JSON_TYPE, type Reply } from "../Reply.ts"
import { rawRoute } from "../route.ts"

const fresh = { "Cache-Control": "public, max-age=3600" }
const script = { "Content-Type": "text/javascript; charset=utf-8", ...fresh }

const description = Effect.runSync(Effect.cached(Effect.sync(() => JSON.stringify(describe()))))

export const openapi = rawRoute(api.openapi, () =>
  Effect.map(description, (body): Reply => ({ status: 200, headers: { "Content-Type": JSON_TYPE, ...fresh }, body }))
)

export const docs = rawRoute(api.docs, () =>
  Effect.succeed<Reply>({
    status: 200,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, ...fresh },
    body: html
  })
)

export const docsStart = rawRoute(api.docsStart, () =>
  Effect.succeed<Reply>({ status: 200, headers: script, body: start })
)

export const docsReference = rawRoute(
  api.docsReference,
  Effect.fnUntraced(function* ({ headers }) {
    const varying = { ...script, Vary: "Accept-Encoding" }
    return contentCoding(headers["accept-encoding"], ["gzip"]) === "gzip"
      ? ({ status: 200, headers: { ...varying, "Content-Encoding": "gzip" }, body: yield* program } satisfies Reply)
      : ({ status: 200, headers: varying, body: yield* plainProgram } satisfies Reply)
  })
)
