import { Clock, Effect } from "effect"
import { peekAs } from "../../domain/image/asCaller.ts"
import type { Entry } from "../../domain/image/Entry.ts"
import { lsLine } from "../../domain/image/lsLine.ts"
import { parse } from "../../domain/registry/Reference.ts"
import * as api from "../api/images.ts"
import { collect } from "../listing/collect.ts"
import { asJson } from "../listing/json.ts"
import { asLines, NDJSON_TYPE } from "../listing/ndjson.ts"
import { pieces } from "../listing/pieces.ts"
import { summarise } from "../listing/summary.ts"
import type { Problem } from "../problem/Problem.ts"
import { JSON_TYPE, type Reply } from "../Reply.ts"
import { rawRoute } from "../route.ts"
import { viewEntry } from "../view/entry.ts"
import { wantedPath } from "../wantedPath.ts"

const TEXT_TYPE = "text/plain"

const headers = { Vary: "Accept" }
const textHeaders = { "Content-Type": `${TEXT_TYPE}; charset=utf-8`, ...headers }

const asText = (entry: Entry): string => `${lsLine(entry)}\n`
/** In text there is no place but the last line to say that a listing is not complete. */
const ending = (problem: Problem | undefined): string =>
  problem === undefined ? "" : `(not complete: ${problem.detail})\n`

const asDocument = (entry: Entry): string => JSON.stringify(viewEntry(entry))

/**
 * Only NDJSON is answered before the last entry is read: the others have a status to get right first, and so can show the
 * merged image in the order of its paths. One layer is shown in the order of its archive.
 */
export const files = rawRoute(
  api.files,
  Effect.fnUntraced(function* ({ query, caller, client, method, preferred, requestId }) {
    const { image, partial = false, progress = false, ...wanted } = yield* Effect.fromResult(wantedPath(query))
    const reference = yield* Effect.fromResult(parse(image))
    const startedAt = yield* Clock.currentTimeMillis
    const found = yield* peekAs({ caller, client }, { reference, ...wanted })
    const type = preferred(["application/json", NDJSON_TYPE, TEXT_TYPE])
    if (method === "HEAD") {
      const types = {
        "application/json": JSON_TYPE,
        [NDJSON_TYPE]: NDJSON_TYPE,
        [TEXT_TYPE]: textHeaders["Content-Type"]
      }
      return { status: 200, headers: { ...headers, "Content-Type": types[type] }, body: null } satisfies Reply
    }
    if (type === NDJSON_TYPE) {
      const body = asLines(found, { startedAt, requestId, partial, progress })
      return { status: 200, headers: { ...headers, "Content-Type": type }, body } satisfies Reply
    }
    const order = wanted.layer === undefined ? "key" : "arrival"
    const { texts, problem } = yield* collect(found.entries, order, type === TEXT_TYPE ? asText : asDocument)
    if (problem !== undefined && !partial) return yield* problem
    if (type === TEXT_TYPE) {
      return { status: 200, headers: textHeaders, body: pieces("", texts, ending(problem)) } satisfies Reply
    }
    const whole = asJson(yield* summarise(found, startedAt, problem, requestId), texts)
    return { ...whole, headers: { ...headers, ...whole.headers } }
  })
)
