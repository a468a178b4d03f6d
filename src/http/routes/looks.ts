import { Effect } from "effect"
import { searchNamesAs } from "../../domain/image/asCaller.ts"
import { history as historyOf } from "../../domain/image/history.ts"
import { format, parse } from "../../domain/registry/Reference.ts"
import * as api from "../api/looks.ts"
import { LIMIT } from "../api/paging.ts"
import { route } from "../route.ts"
import { viewFound, viewLook } from "../view/look.ts"

export const history = route(
  api.history,
  Effect.fnUntraced(function* ({ query, caller }) {
    const { entries, next } = yield* historyOf(caller, { limit: LIMIT, ...query })
    return { entries: entries.map(viewLook), ...(next !== undefined && { next }) }
  })
)

export const search = route(
  api.search,
  Effect.fnUntraced(function* ({ query: { image, after, ...wanted }, caller }) {
    const reference = image === undefined ? undefined : yield* Effect.fromResult(parse(image))
    const { results, next } = yield* searchNamesAs(caller, {
      limit: LIMIT,
      ...wanted,
      ...(reference !== undefined && { image: format(reference) }),
      ...(after !== undefined && { from: after })
    })
    return { results: results.map(viewFound), ...(next !== undefined && { next }) }
  })
)
