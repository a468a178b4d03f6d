import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Caller, NeedsPermission } from "./Caller.ts"
import { ListingDocument, ListingLine, ManifestDocument, TagsDocument } from "./imageDocuments.ts"
import { image, oneLayer, optionalLayer, pathBase64, platform, text } from "./imageParameters.ts"
import { history, search } from "./looks.ts"
import { goesOn } from "./paging.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

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
  "overloaded",
  "forbidden"
)

const manifestProblems = problems(
  "manifest-unsupported",
  "manifest-invalid",
  "platform-not-found",
  // The configuration is a blob as layers are, and fails as they do.
  "layer-corrupt"
)

const layerProblems = problems("layer-not-found", "layer-unsupported", "layer-limit-exceeded")

export const tags = HttpApiEndpoint.get("tags", "/images/tags", {
  query: {
    ...image,
    limit: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })).annotateKey({
        description: "How many at most; all unless it is said"
      })
    ),
    last: Schema.optionalKey(Schema.String.annotateKey(goesOn))
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
    partial: Schema.optionalKey(
      Schema.Boolean.annotateKey({
        description: "What was read of a listing that broke off is an answer, with `complete: false` and the problem"
      })
    ),
    progress: Schema.optionalKey(
      Schema.Boolean.annotateKey({ description: "NDJSON has lines in between that say how much of a layer has come" })
    )
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
    "As JSON, as NDJSON with an entry a line while layers are read, or as text that reads like `ls -la`: say which with `Accept`. JSON and text have the whole image in the order of its paths, and one layer in the order of its archive. In NDJSON a path may come twice, and the later line counts."
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
  .annotate(OpenApi.Title, "Images")
  .annotate(OpenApi.Description, "Peek into images and carve files out of them, straight from their registries.") {}
