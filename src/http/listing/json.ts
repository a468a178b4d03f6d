import { Stream } from "effect"
import type { Reply } from "../Reply.ts"
import { JSON_TYPE } from "../Reply.ts"
import type { Collected } from "./collect.ts"
import { pieces } from "./pieces.ts"
import type { Summary } from "./summary.ts"

/** The entries with commas in between; a piece of none says nothing. */
const separated = (texts: Collected["texts"]): Collected["texts"] =>
  Stream.suspend(() => {
    let separator = ""
    return Stream.map(texts, (some) => {
      if (some.length === 0) return []
      const joined = separator + some.join(",")
      separator = ","
      return [joined]
    })
  })

/** The listing as one JSON document, put together as it is sent. */
export const asJson = (summary: Summary, texts: Collected["texts"]): Reply => ({
  status: 200,
  headers: { "Content-Type": JSON_TYPE },
  body: pieces(`${JSON.stringify(summary).slice(0, -1)},"entries":[`, separated(texts), "]}")
})
