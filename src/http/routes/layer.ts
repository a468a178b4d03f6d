import { Effect } from "effect"
import { downloadAs, findLayerAs } from "../../domain/image/asCaller.ts"
import { parse } from "../../domain/registry/Reference.ts"
import * as api from "../api/images.ts"
import { asDownload } from "../download.ts"
import type { Reply } from "../Reply.ts"
import { rawRoute } from "../route.ts"
import { layerName, layerType } from "../view/layer.ts"

export const layer = rawRoute(
  api.layer,
  Effect.fnUntraced(function* ({ query: { image, ...wanted }, caller, client, method }) {
    const reference = yield* Effect.fromResult(parse(image))
    const request = { reference, ...wanted }
    const found =
      method === "HEAD"
        ? { ...(yield* findLayerAs(caller, request)), content: null }
        : yield* downloadAs({ caller, client }, request)
    return {
      status: 200,
      headers: {
        "Content-Type": layerType(found.descriptor),
        "Content-Length": String(found.descriptor.size),
        "Keyhole-Layer": found.descriptor.digest,
        ...asDownload(layerName(found.descriptor))
      },
      body: found.content
    } satisfies Reply
  })
)
