import { Duration, Effect, Ref } from "effect"
import { Health, readiness } from "../../domain/Health.ts"
import { PUBLISHED_KEPT } from "../../domain/key/keyRotation.ts"
import { TokenSigner } from "../../domain/token/TokenSigner.ts"
import { isProblemCode } from "../api/problem/catalogue.ts"
import * as api from "../api/service.ts"
import { conditional } from "../conditional.ts"
import { Exposition } from "../../domain/Exposition.ts"
import { Draining } from "../Draining.ts"
import { problemPage as page } from "../pages/problemPage.ts"
import { nothingHere } from "../refuse.ts"
import { json, type Reply } from "../Reply.ts"
import { rawRoute, route } from "../route.ts"

// A key is published longer than this before it signs, and a verifier trusts one that was dropped for at most as long.
const KEYS_FRESH = { "Cache-Control": `public, max-age=${Duration.toSeconds(PUBLISHED_KEPT)}` }

export const jwks = rawRoute(
  api.jwks,
  Effect.fnUntraced(function* ({ headers }) {
    const signer = yield* TokenSigner
    return conditional(json(200, { keys: yield* signer.publicKeys }, KEYS_FRESH), headers["if-none-match"])
  })
)

export const livez = route(api.livez, () => Effect.succeed({ status: "ok" as const }))

const RETRY = { "Retry-After": "5" }

export const readyz = rawRoute(
  api.readyz,
  Effect.fnUntraced(function* () {
    const health = yield* Health
    const asked = yield* health.checks
    const checks = asked.map(({ name, state }) => ({ name, state }))
    if (yield* Ref.get(yield* Draining)) return json(503, { status: "draining", checks }, RETRY)
    const status = readiness(asked)
    return status === "unavailable" ? json(503, { status, checks }, RETRY) : json(200, { status, checks })
  })
)

const PROMETHEUS = { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }

export const metrics = rawRoute(
  api.metrics,
  Effect.fnUntraced(function* () {
    const { text } = yield* Exposition
    return { status: 200, headers: PROMETHEUS, body: yield* text } satisfies Reply
  })
)

export const problemPage = rawRoute(api.problemPage, ({ params }) =>
  isProblemCode(params.code) ? Effect.succeed(page(params.code)) : Effect.fail(nothingHere)
)
