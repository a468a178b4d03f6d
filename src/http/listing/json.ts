import type { Reply } from "../Reply.ts"
import { JSON_TYPE } from "../Reply.ts"
import { pieces } from "./pieces.ts"
import type { Summary } from "./summary.ts"

const separated = function* (texts: Iterable<string>): Generator<string> {
  let separator = ""
  for (const text of texts) {
    yield separator + text
    separator = ","
  }
}

const documentOf = function* (summary: Summary, entries: Iterable<string>): Generator<string> {
  const text = JSON.stringify(summary)
  yield `${text.slice(0, -1)},"entries":[`
  yield* separated(entries)
  yield "]}"
}

/** The listing as one JSON document, put together as it is sent. */
export const asJson = (summary: Summary, entries: Iterable<string>): Reply => ({
  status: 200,
  headers: { "Content-Type": JSON_TYPE },
  body: pieces(documentOf(summary, entries))
})
