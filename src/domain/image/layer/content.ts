import { LayerCorrupt, LayerLimitExceeded } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import { cutShort, type Input } from "./Input.ts"
import { mapped } from "./sparse.ts"
import type { Layout } from "./sparseLayout.ts"
import { ContentEnd, fail, type Reading } from "./TarStep.ts"

/** Gives a file's content, or passes over it. */
export function* content(input: Input, limits: Bounds, layout: Layout, wanted: boolean): Reading<void> {
  if (!wanted) {
    if ((yield* input.skip(layout.stored)) < layout.stored) yield* cutShort()
    return
  }
  // Holes cost the archive nothing, so the bytes that came in do not bound the bytes that go out.
  if (layout.size > limits.maxBytes)
    yield* fail(new LayerLimitExceeded({ limit: "bytes", of: "layer", value: limits.maxBytes }))
  if (mapped(layout.map) !== layout.stored) {
    return yield* fail(new LayerCorrupt({ reason: "a sparse file's map does not fit what is in the archive" }))
  }
  let at = 0
  for (const [index, number] of layout.map.entries()) {
    if (index % 2 === 0) {
      if (number > at) yield { _tag: "Hole", size: number - at }
      at = number
      continue
    }
    for (const end = at + number; at < end; ) {
      const bytes = yield* input.some(end - at)
      if (bytes === undefined) return yield* cutShort()
      at += bytes.length
      yield { _tag: "Data", bytes }
    }
  }
  if (layout.size > at) yield { _tag: "Hole", size: layout.size - at }
  yield ContentEnd
}
