import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { pageOf } from "../pageOf.ts"
import { type LookPosition, Looks } from "./Looks.ts"

interface HistoryRequest {
  readonly query?: string
  readonly before?: LookPosition
  readonly limit: number
}

/** One page of what the caller peeked at and carved, newest first; `next` is where the one after it begins. */
export const history = Effect.fn("history")(function* ({ user }: Principal, { limit, ...wanted }: HistoryRequest) {
  const looks = yield* Looks
  const found = yield* looks.page(user.id, { ...wanted, limit: limit + 1 })
  const { items, last } = pageOf(found, limit)
  return { entries: items, ...(last !== undefined && { next: { at: last.at, id: last.id } }) }
})
