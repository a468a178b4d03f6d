import { Effect } from "effect"
import * as api from "../api/console.ts"
import { bundled, policy } from "../pages/console.ts"
import { contentCoding } from "../contentCoding.ts"
import type { Reply } from "../Reply.ts"
import { nothingHere } from "../refuse.ts"
import { rawRoute } from "../route.ts"

export const consolePage = rawRoute(api.consolePage, () =>
  Effect.map(
    bundled,
    ({ html }): Reply => ({
      status: 200,
      headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy },
      body: html
    })
  )
)

/** A name has the content's hash in it: what it stands for never changes. */
const FOREVER = { "Cache-Control": "public, max-age=31536000, immutable", Vary: "Accept-Encoding" }

export const consolePart = rawRoute(
  api.consolePart,
  Effect.fnUntraced(function* ({ params, headers }) {
    const part = (yield* bundled).parts.get(params.name)
    if (part === undefined) return yield* nothingHere
    const coding = contentCoding(headers["accept-encoding"], ["br", "gzip"])
    return {
      status: 200,
      headers: { "Content-Type": part.type, ...FOREVER, ...(coding !== undefined && { "Content-Encoding": coding }) },
      body: coding === undefined ? part.plain : part[coding]
    } satisfies Reply
  })
)
