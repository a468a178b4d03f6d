import { LayerLimitExceeded } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import { cutShort, type Input } from "./Input.ts"
import type { Layout } from "./sparseLayout.ts"
import { ContentEnd, fail, type Reading } from "./TarStep.ts"

/** Gives a file's content, or passes over it. */
export function* content(input: Input, limits: Bounds, layout: Layout, wanted: boolean): Reading<void> {
  if (!wanted) {
    if ((yield* input.skip(layout.stored)) < layout.stored) yield* cutShort()
    return
  }
  // Holes cost the archive nothing, so the bytes that came in do not bound the bytes that go out.
  if (layout.size > limits.maxBytes) yield* fail(new LayerLimitExceeded({ limit: "bytes", value: limits.maxBytes }))
  let at = 0
  for (const segment of layout.segments) {
    if (segment.offset > at) yield { _tag: "Hole", size: segment.offset - at }
    at = segment.offset
    for (const end = at + segment.size; at < end; ) {
      const bytes = yield* input.some(end - at)
      if (bytes === undefined) return yield* cutShort()
      at += bytes.length
      yield { _tag: "Data", bytes }
    }
  }
  if (layout.size > at) yield { _tag: "Hole", size: layout.size - at }
  yield ContentEnd
}
