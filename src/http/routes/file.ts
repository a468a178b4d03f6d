import { Effect } from "effect"
import { carveAs } from "../../domain/image/asCaller.ts"
import { basename } from "../../domain/image/path.ts"
import { parse } from "../../domain/registry/Reference.ts"
import * as api from "../api/images.ts"
import { percentEncode } from "../percentEncode.ts"
import type { Reply } from "../Reply.ts"
import { rawRoute } from "../route.ts"

/** RFC 6266: for old clients the name in ASCII, for all others as it is (RFC 8187). */
const disposition = (name: string): string => {
  const ascii = name.toWellFormed().replaceAll(/[^\x20-\x7e]|["\\%]/gu, "_")
  return `attachment; filename="${ascii}"; filename*=UTF-8''${percentEncode(name.toWellFormed())}`
}

/** A stranger's file. Whatever it is, in a browser it runs nothing, and belongs to no origin. */
const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"

export const file = rawRoute(
  api.file,
  Effect.fnUntraced(function* ({ query: { image, ...wanted }, caller, client }) {
    const reference = yield* Effect.fromResult(parse(image))
    const carved = yield* carveAs({ caller, client }, { reference, ...wanted })
    return {
      status: 200,
      headers: {
        "Content-Type": carved.contentType,
        "Content-Length": String(carved.size),
        "Content-Disposition": disposition(basename(carved.path)),
        "Content-Security-Policy": SANDBOX,
        "Keyhole-Layer": carved.layer.digest,
        "Keyhole-Path": carved.path.split("/").map(percentEncode).join("/")
      },
      body: carved.content
    } satisfies Reply
  })
)
