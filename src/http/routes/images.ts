import { Effect } from "effect"
import { inspectAs, listTagsAs } from "../../domain/image/asCaller.ts"
import { parse, repositoryOf } from "../../domain/registry/Reference.ts"
import * as api from "../api/images.ts"
import { route } from "../route.ts"
import { viewManifest } from "../view/manifest.ts"

export const tags = route(
  api.tags,
  Effect.fnUntraced(function* ({ query: { image, ...page }, caller }) {
    const reference = yield* Effect.fromResult(parse(image))
    const { tags: found, next } = yield* listTagsAs(caller, reference, page)
    return { image: repositoryOf(reference), tags: found, ...(next !== undefined && { next }) }
  })
)

export const manifest = route(
  api.manifest,
  Effect.fnUntraced(function* ({ query: { image, ...wanted }, caller }) {
    const reference = yield* Effect.fromResult(parse(image))
    return viewManifest(yield* inspectAs(caller, { reference, ...wanted }))
  })
)
