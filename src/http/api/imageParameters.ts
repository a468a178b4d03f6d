import { Schema } from "effect"
import { NameFromBase64 } from "./NameFromBase64.ts"
import { PlatformFromString } from "./PlatformFromString.ts"

/** A parameter that is given as text, with a line for whoever reads the documentation. */
export const text = (description: string, example: string) =>
  Schema.String.annotate({ description, examples: [example] })

export const image = { image: text("An image reference, as `docker pull` takes it", "alpine:3.20") }
export const platform = {
  platform: Schema.optionalKey(
    PlatformFromString.annotateKey({
      description: "`os/arch[/variant]`; `linux/amd64` unless the image is for one platform only"
    })
  )
}
export const oneLayer = text("A layer, by its index from the bottom or by its digest", "0")
export const optionalLayer = { layer: Schema.optionalKey(oneLayer) }

/** A path that is not UTF-8 cannot stand in a query as it is. */
export const pathBase64 = {
  path_base64: Schema.optionalKey(
    NameFromBase64.annotateKey({
      description: "In place of `path`: the bytes of one that is not UTF-8, as `path_base64` of a listing has them"
    })
  )
}
