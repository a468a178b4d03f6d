import { Effect, Result, Schema, SchemaIssue, SchemaTransformation } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { formatPlatform, parsePlatform, Platform } from "../../domain/registry/Platform.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { NameFromBase64 } from "./NameFromBase64.ts"
import { ListingDocument, ListingLine, ManifestDocument, TagsDocument } from "./imageDocuments.ts"
import { history, search } from "./looks.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

const PlatformFromString = Schema.String.pipe(
  Schema.decodeTo(
    Schema.instanceOf(Platform),
    SchemaTransformation.transformEffect({
      decode: (input: string) =>
        Effect.fromResult(
          Result.mapError(parsePlatform(input), ({ reason }) => new SchemaIssue.InvalidValue({ message: reason }))
        ),
      encode: (platform) => Effect.succeed(formatPlatform(platform))
    })
  )
)

/** A parameter that is given as text, with a line for whoever reads the documentation. */
const text = (description: string, example: string) => Schema.String.annotate({ description, examples: [example] })

const image = { image: text("An image reference, as `docker pull` takes it", "alpine:3.20") }
const platform = {
  platform: Schema.optionalKey(
    PlatformFromString.annotateKey({
      description: "`os/arch[/variant]`; `linux/amd64` unless the image is for one platform only"
    })
  )
}
const oneLayer = text("A layer, by its index from the bottom or by its digest", "0")
const optionalLayer = { layer: Schema.optionalKey(oneLayer) }

/** A path that is not UTF-8 cannot stand in a query as it is. */
const pathBase64 = {
  path_base64: Schema.optionalKey(
    NameFromBase64.annotateKey({
      description: "In place of `path`: the bytes of one that is not UTF-8, as `path_base64` of a listing has them"
    })
  )
}

/** A file or a layer, under whatever type it has. */
const bytes = HttpApiSchema.StreamUint8Array({ contentType: "*/*" })

const registryProblems = problems(
  "image-reference-invalid",
  "registry-not-allowed",
  "registry-denied",
  "image-not-found",
  "registry-rate-limited",
  "registry-unreachable",
  "registry-timeout",
  "forbidden"
)

const manifestProblems = problems(
  "manifest-unsupported",
  "manifest-invalid",
  "platform-not-found",
  // The configuration is a blob as layers are, and fails as they do.
  "layer-corrupt"
)

const layerProblems = problems("layer-not-found", "layer-unsupported", "layer-limit-exceeded", "overloaded")

export const tags = HttpApiEndpoint.get("tags", "/images/tags", {
  query: {
    ...image,
    limit: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
    last: Schema.optionalKey(Schema.String)
  },
  success: TagsDocument,
  // The client's one error type has them all, whatever it is asked for.
  error: [invalidQuery, ...registryProblems, ...problems("manifest-invalid", "manifest-unsupported", "layer-corrupt")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:read")
  .annotate(OpenApi.Summary, "The tags of an image's repository")

export const manifest = HttpApiEndpoint.get("manifest", "/images/manifest", {
  query: { ...image, ...platform },
  success: ManifestDocument,
  error: [invalidQuery, ...registryProblems, ...manifestProblems]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:read")
  .annotate(OpenApi.Summary, "What an image says of itself: configuration, layers, build steps")

export const files = HttpApiEndpoint.get("files", "/images/files", {
  query: {
    ...image,
    ...platform,
    ...optionalLayer,
    path: Schema.optionalKey(text("Only what is at this path and below it", "/etc")),
    ...pathBase64,
    partial: Schema.optionalKey(Schema.Boolean),
    progress: Schema.optionalKey(Schema.Boolean)
  },
  success: [
    ListingDocument,
    HttpApiSchema.StreamNdjson({ schema: ListingLine }),
    Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain; charset=utf-8" }))
  ],
  error: [invalidQuery, ...registryProblems, ...manifestProblems, ...layerProblems]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:read")
  .annotate(OpenApi.Summary, "Peek: the files of one layer, or of the whole image with whiteouts applied")
  .annotate(
    OpenApi.Description,
    "As JSON, as NDJSON with an entry a line while layers are read, or as text that reads like `ls -la`: say which with `Accept`. JSON and text have the whole image in the order of its paths, and one layer in the order of its archive. In NDJSON a path may come twice, and the later line counts; with `progress=true` it has lines in between that say how many bytes of a layer have come."
  )

export const file = HttpApiEndpoint.get("file", "/images/file", {
  query: {
    ...image,
    ...platform,
    ...optionalLayer,
    path: Schema.optionalKey(text("The file's path inside the image", "/etc/passwd").check(Schema.isNonEmpty())),
    ...pathBase64
  },
  success: HttpApiSchema.WithHeaders(bytes, {
    "content-disposition": Schema.String,
    "content-length": Schema.Int,
    "keyhole-layer": Schema.String,
    "keyhole-path": Schema.String
  }),
  error: [
    invalidQuery,
    ...registryProblems,
    ...manifestProblems,
    ...layerProblems,
    ...problems("file-not-found", "file-deleted", "link-dangling", "not-a-file")
  ]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:carve")
  .annotate(OpenApi.Summary, "Carve: one file's bytes, links followed inside the image")

export const layer = HttpApiEndpoint.get("layer", "/images/layer", {
  query: { ...image, ...platform, layer: oneLayer.check(Schema.isNonEmpty()) },
  success: HttpApiSchema.WithHeaders(bytes, {
    "content-disposition": Schema.String,
    "content-length": Schema.Int,
    "keyhole-layer": Schema.String
  }),
  error: [invalidQuery, ...registryProblems, ...manifestProblems, ...layerProblems]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "image:download")
  .annotate(OpenApi.Summary, "Download: a whole layer as the registry has it")
  .annotate(
    OpenApi.Description,
    "The digest is checked while the bytes flow. The last of them are sent only when it is right; when it is wrong the connection breaks off short of `Content-Length`."
  )

export class Images extends HttpApiGroup.make("images", { topLevel: true })
  .add(tags, manifest, files, file, layer, history, search)
  .annotate(OpenApi.Title, "Images") {}
