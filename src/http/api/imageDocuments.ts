import { Schema } from "effect"
import { Digest } from "../../domain/registry/Digest.ts"
import { Instant } from "./Instant.ts"
import { problemWith } from "./problem/schemas.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Strings = Schema.Array(Schema.String)

export const TagsDocument = Schema.Struct({
  image: Schema.String,
  tags: Strings,
  next: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "Tags" })

const LayerSummaryDocument = Schema.Struct({
  index: Count,
  digest: Digest,
  media_type: Schema.String,
  size: Count,
  created_by: Schema.optionalKey(Schema.String)
})

const BuildStepDocument = Schema.Struct({
  created_by: Schema.String,
  created: Schema.optionalKey(Instant),
  empty_layer: Schema.Boolean,
  layer_index: Schema.optionalKey(Count)
})

export const ManifestDocument = Schema.Struct({
  image: Schema.String,
  digest: Digest,
  index_digest: Schema.optionalKey(Digest),
  platform: Schema.String,
  platforms: Strings,
  created: Schema.NullOr(Instant),
  config: Schema.Struct({
    entrypoint: Strings,
    cmd: Strings,
    env: Strings,
    user: Schema.String,
    working_dir: Schema.String,
    labels: Schema.Record(Schema.String, Schema.String),
    exposed_ports: Strings
  }),
  layers: Schema.Array(LayerSummaryDocument),
  build_steps: Schema.Array(BuildStepDocument),
  size: Count
}).annotate({ identifier: "Manifest" })
export type ManifestDocument = typeof ManifestDocument.Type

/** A file. Listings are long: entries are made in this form and written without a second look at the schema. */
export const EntryDocument = Schema.Struct({
  path: Schema.String,
  path_base64: Schema.optionalKey(Schema.String),
  type: Schema.Literals(["file", "dir", "symlink", "hardlink", "char", "block", "fifo"]),
  mode: Count,
  uid: Schema.Number,
  gid: Schema.Number,
  uname: Schema.optionalKey(Schema.String),
  gname: Schema.optionalKey(Schema.String),
  size: Count,
  mtime: Schema.String.annotate({ format: "date-time" }),
  link: Schema.optionalKey(Schema.String),
  layer: Count,
  whiteout: Schema.optionalKey(Schema.Literals(["file", "opaque"]))
}).annotate({ identifier: "Entry" })
export type EntryDocument = typeof EntryDocument.Type

/** What ended a listing before its end. */
const ListingProblem = Schema.Union([
  problemWith("layer-corrupt", 502),
  problemWith("layer-unsupported", 422),
  problemWith("layer-limit-exceeded", 422),
  problemWith("registry-unreachable", 502),
  problemWith("registry-timeout", 504),
  problemWith("registry-denied", 403),
  problemWith("registry-rate-limited", 429),
  problemWith("registry-not-allowed", 422),
  problemWith("image-not-found", 404),
  problemWith("overloaded", 503),
  problemWith("internal-error", 500)
])

const summary = {
  image: Schema.String,
  digest: Digest,
  complete: Schema.Boolean,
  bytes_fetched: Count,
  elapsed_ms: Count,
  /** With `partial=true`, what ended it early. */
  problem: Schema.optionalKey(ListingProblem)
}

export const ListingDocument = Schema.Struct({ ...summary, entries: Schema.Array(EntryDocument) }).annotate({
  identifier: "Listing"
})

/** Entries, if wanted with progress in between, and then one line that says how it ended. */
export const ListingLine = Schema.Union([
  EntryDocument,
  Schema.Struct({ progress: Schema.Struct({ layer: Count, bytes: Count, of: Count }) }),
  Schema.Struct({ summary: Schema.Struct(summary) }),
  Schema.Struct({ problem: ListingProblem })
]).annotate({ identifier: "ListingLine" })
