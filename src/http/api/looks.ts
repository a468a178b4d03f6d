import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as OpenApi from "effect/http-api/OpenApi"
import { EntryType } from "../../domain/image/Entry.ts"
import { Digest } from "../../domain/registry/Digest.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { EventCursor, NameCursor } from "./cursor.ts"
import { goesOn, limit } from "./paging.ts"
import { searchText } from "./SearchText.ts"
import { Instant } from "./Instant.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Query = searchText(1024)

export const HistoryDocument = Schema.Struct({
  entries: Schema.Array(
    Schema.Struct({
      operation: Schema.Literals(["peek", "carve"]),
      image: Schema.String,
      digest: Digest,
      platform: Schema.String,
      layer: Schema.optionalKey(Schema.String),
      path: Schema.optionalKey(Schema.String),
      bytes_fetched: Count,
      outcome: Schema.Literals(["success", "failure"]),
      at: Instant
    })
  ),
  next: Schema.optionalKey(EventCursor)
}).annotate({ identifier: "History" })

export const SearchDocument = Schema.Struct({
  results: Schema.Array(
    Schema.Struct({
      image: Schema.String,
      digest: Digest,
      layer: Count,
      path: Schema.String,
      path_base64: Schema.optionalKey(Schema.String),
      type: EntryType,
      size: Count
    })
  ),
  next: Schema.optionalKey(NameCursor)
}).annotate({ identifier: "SearchResults" })

export const history = HttpApiEndpoint.get("history", "/images/history", {
  query: {
    query: Schema.optionalKey(Query.annotateKey({ description: "Part of the image's name or of the path" })),
    ...limit,
    before: Schema.optionalKey(EventCursor.annotateKey(goesOn))
  },
  success: HistoryDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:read")
  .annotate(OpenApi.Summary, "What the caller peeked at and carved before, newest first")

export const search = HttpApiEndpoint.get("search", "/images/search", {
  query: {
    query: Query.annotateKey({ description: "Part of a path, in upper or lower case" }),
    image: Schema.optionalKey(Schema.String.annotateKey({ description: "Only in this image" })),
    ...limit,
    after: Schema.optionalKey(NameCursor.annotateKey(goesOn))
  },
  success: SearchDocument,
  error: [invalidQuery, ...problems("image-reference-invalid", "overloaded", "forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:read")
  .annotate(OpenApi.Summary, "File names in the images the caller has peeked at")
  .annotate(
    OpenApi.Description,
    "Each layer is searched by itself, as far as its listing is still remembered. A page may have few results, or none, and yet a `next`."
  )
