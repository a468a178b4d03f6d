import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { RegistryUsername } from "../../domain/registry/RegistryCredentials.ts"
import { BodyExample } from "./BodyExample.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

/** Longer than any that is known: a key file in JSON has some 2,400 characters. */
const RegistryPassword = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(8192)).pipe(
  Schema.RedactedFromValue
)

const host = { host: Schema.String.annotateKey({ description: "As in an image reference, percent-encoded" }) }

export const RegistriesDocument = Schema.Struct({
  registries: Schema.Array(Schema.Struct({ host: Schema.String, username: Schema.String }))
}).annotate({ identifier: "Registries" })

export const listRegistries = HttpApiEndpoint.get("listRegistries", "/registries", {
  success: RegistriesDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "registry:credential")
  .annotate(OpenApi.Summary, "The registries the caller has credentials for")

export const setCredential = HttpApiEndpoint.put("setCredential", "/registries/:host/credentials", {
  params: host,
  payload: Schema.Struct({ username: RegistryUsername, password: RegistryPassword }),
  error: problems("invalid-request", "forbidden")
})
  .middleware(Caller)
  .annotate(NeedsPermission, "registry:credential")
  .annotate(OpenApi.Summary, "Keep what the caller logs in to a registry with")
  .annotate(BodyExample, { username: "ada", password: "a token of the registry" })
  .annotate(
    OpenApi.Description,
    "The credentials are used for the caller's own peeks, carves and downloads from exactly this host and port, and never shown again. The user name `<token>` says that the password is an identity token."
  )

export const removeCredential = HttpApiEndpoint.delete("removeCredential", "/registries/:host/credentials", {
  params: host,
  error: [invalidQuery, ...problems("forbidden", "not-found")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "registry:credential")
  .annotate(OpenApi.Summary, "Forget what the caller logs in to a registry with")

export class Registries extends HttpApiGroup.make("registries", { topLevel: true })
  .add(listRegistries, setCredential, removeCredential)
  .annotate(OpenApi.Title, "Registries")
  .annotate(OpenApi.Description, "What the caller logs in to registries with.") {}
