import { Effect } from "effect"
import { carveAs } from "../../domain/image/asCaller.ts"
import { basename } from "../../domain/image/path.ts"
import { parse } from "../../domain/registry/Reference.ts"
import * as api from "../api/images.ts"
import { asDownload } from "../download.ts"
import { percentEncode } from "../percentEncode.ts"
import type { Reply } from "../Reply.ts"
import { rawRoute } from "../route.ts"
import { missingPath, wantedPath } from "../wantedPath.ts"

export const file = rawRoute(
  api.file,
  Effect.fnUntraced(function* ({ query, caller, client }) {
    const { image, path, ...wanted } = yield* Effect.fromResult(wantedPath(query))
    if (path === undefined) return yield* missingPath
    const reference = yield* Effect.fromResult(parse(image))
    const carved = yield* carveAs({ caller, client }, { reference, path, ...wanted })
    return {
      status: 200,
      headers: {
        "Content-Type": carved.contentType,
        "Content-Length": String(carved.size),
        ...asDownload(basename(carved.path)),
        "Keyhole-Layer": carved.layer.digest,
        "Keyhole-Path": carved.path.split("/").map(percentEncode).join("/")
      },
      body: carved.content
    } satisfies Reply
  })
)
