import { Schema } from "effect"
import { Digest } from "./Digest.ts"

/** What a manifest says of a piece of content (OCI Image Specification, "Descriptors"). `size` is in bytes. */
export class Descriptor extends Schema.Class<Descriptor>("Descriptor")({
  mediaType: Schema.String,
  digest: Digest,
  size: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  urls: Schema.optionalKey(Schema.Array(Schema.String))
}) {}
