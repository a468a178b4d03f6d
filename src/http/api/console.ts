import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { invalidQuery, problems } from "./problem/schemas.ts"

// The console is a page and its parts: no part of the contract.

export const consolePage = HttpApiEndpoint.get("consolePage", "/", {
  success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html; charset=utf-8" })),
  error: invalidQuery
}).annotate(OpenApi.Exclude, true)

export const consolePart = HttpApiEndpoint.get("consolePart", "/console/:name", {
  params: { name: Schema.String },
  success: HttpApiSchema.StreamUint8Array(),
  error: [invalidQuery, ...problems("not-found")]
}).annotate(OpenApi.Exclude, true)
