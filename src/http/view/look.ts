import type { Look } from "../../domain/image/Looks.ts"
import type { Found } from "../../domain/image/NamePage.ts"
import type { HistoryDocument, SearchDocument } from "../api/looks.ts"
import { viewPath } from "./entry.ts"

export const viewLook = (look: Look): (typeof HistoryDocument.Type)["entries"][number] => ({
  operation: look.operation,
  image: look.image,
  digest: look.digest,
  platform: look.platform,
  ...(look.layer !== undefined && { layer: look.layer }),
  ...(look.path !== undefined && { path: look.path }),
  bytes_fetched: look.bytesFetched,
  outcome: look.outcome,
  at: look.at
})

export const viewFound = ({ image, digest, entry }: Found): (typeof SearchDocument.Type)["results"][number] => ({
  image,
  digest,
  layer: entry.layer,
  ...viewPath(entry),
  type: entry.type,
  size: entry.size
})
