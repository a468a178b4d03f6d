import { Schema, SchemaTransformation } from "effect"
import { decodeName, rawBytes } from "../../domain/image/name.ts"

/** A name by its bytes, which need be no UTF-8. */
export const NameFromBase64 = Schema.Uint8ArrayFromBase64.check(Schema.isMinLength(1)).pipe(
  Schema.decodeTo(Schema.String, SchemaTransformation.transform({ decode: decodeName, encode: rawBytes }))
)
