import { Schema } from "effect"

/** The archive is broken, cut short, or not what its digest says. */
export class LayerCorrupt extends Schema.TaggedError<LayerCorrupt>()("LayerCorrupt", { reason: Schema.String }) {}

/** A layer that is neither a plain, gzip nor zstd tar archive, or uses a feature no reader here knows. */
export class LayerUnsupported extends Schema.TaggedError<LayerUnsupported>()("LayerUnsupported", {
  reason: Schema.String
}) {}

/** What a layer's decompressor has to remember, in MiB, has no room beside what others remember now. */
export class DecoderFull extends Schema.TaggedError<DecoderFull>()("DecoderFull", {
  mebibytes: Schema.Number,
  /** Seconds. */
  retryAfter: Schema.Number
}) {}

/** A limit on untrusted archives was crossed; `value` in bytes, entries, characters or milliseconds. */
export class LayerLimitExceeded extends Schema.TaggedError<LayerLimitExceeded>()("LayerLimitExceeded", {
  limit: Schema.Literals(["bytes", "entries", "names", "time"]),
  /** What it is that the limit is set to: one layer, or all that one operation reads. */
  of: Schema.Literals(["layer", "image"]),
  value: Schema.Number
}) {}

export class LayerNotFound extends Schema.TaggedError<LayerNotFound>()("LayerNotFound", { layer: Schema.String }) {}

/** Every way that reading a layer's archive can fail. */
export type LayerError = DecoderFull | LayerCorrupt | LayerUnsupported | LayerLimitExceeded
