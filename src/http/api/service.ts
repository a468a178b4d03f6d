import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { KeyId } from "../../domain/token/TokenSigner.ts"
import { consolePage, consolePart } from "./console.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

const Html = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html; charset=utf-8" }))

const Jwk = Schema.Struct({
  kty: Schema.String,
  n: Schema.String,
  e: Schema.String,
  kid: KeyId,
  use: Schema.Literal("sig"),
  alg: Schema.Literal("RS256")
}).annotate({ identifier: "PublicKey" })

export const PublicKeysDocument = Schema.Struct({ keys: Schema.Array(Jwk) })

export const jwks = HttpApiEndpoint.get("jwks", "/.well-known/jwks.json", {
  success: [PublicKeysDocument, HttpApiSchema.Empty(304)],
  error: [invalidQuery, ...problems("storage-unavailable")]
}).annotate(OpenApi.Summary, "The public keys that verify access tokens (RFC 7517)")

export const livez = HttpApiEndpoint.get("livez", "/livez", {
  success: Schema.Struct({ status: Schema.Literal("ok") }),
  error: invalidQuery
}).annotate(OpenApi.Summary, "Whether the process is alive")

const checks = Schema.Array(Schema.Struct({ name: Schema.String, state: Schema.Literals(["up", "down"]) }))

const ReadyDocument = Schema.Struct({ status: Schema.Literals(["ok", "degraded"]), checks }).annotate({
  identifier: "Ready"
})

const NotReadyDocument = Schema.Struct({ status: Schema.Literals(["unavailable", "draining"]), checks })
  .annotate({ identifier: "NotReady" })
  .pipe(HttpApiSchema.status(503))

export const readyz = HttpApiEndpoint.get("readyz", "/readyz", {
  success: [ReadyDocument, NotReadyDocument],
  error: invalidQuery
}).annotate(OpenApi.Summary, "Whether requests should be sent here, and the state of each dependency")

const Text = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain; version=0.0.4; charset=utf-8" }))

export const metrics = HttpApiEndpoint.get("metrics", "/metrics", { success: Text, error: invalidQuery }).annotate(
  OpenApi.Summary,
  "What the process has counted, for Prometheus"
)

export const openapi = HttpApiEndpoint.get("openapi", "/openapi.json", {
  success: Schema.Unknown,
  error: invalidQuery
}).annotate(OpenApi.Summary, "This description")

export const docs = HttpApiEndpoint.get("docs", "/docs", { success: Html, error: invalidQuery }).annotate(
  OpenApi.Summary,
  "This description as a page"
)

const JavaScript = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/javascript; charset=utf-8" }))

/** The parts of the page `/docs`: no part of the contract. */
export const docsStart = HttpApiEndpoint.get("docsStart", "/docs/start.js", { success: JavaScript }).annotate(
  OpenApi.Exclude,
  true
)
export const docsReference = HttpApiEndpoint.get("docsReference", "/docs/reference.js", {
  success: JavaScript
}).annotate(OpenApi.Exclude, true)

export const problemPage = HttpApiEndpoint.get("problemPage", "/problems/:code", {
  params: { code: Schema.String },
  success: Html,
  error: [invalidQuery, ...problems("not-found")]
}).annotate(OpenApi.Summary, "What a problem code means")

export class Service extends HttpApiGroup.make("service", { topLevel: true })
  .add(jwks, livez, readyz, metrics, openapi, docs, docsStart, docsReference, problemPage, consolePage, consolePart)
  .annotate(OpenApi.Title, "The service itself")
  .annotate(OpenApi.Description, "Its keys, its health, its metrics, and what there is to read about it.") {}
