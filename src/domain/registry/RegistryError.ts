import { Schema } from "effect"
import type { LayerCorrupt } from "../image/LayerError.ts"

/** Where on the way to a registry's content a host was refused. */
export const Hop = Schema.Literals(["registry", "realm", "redirect", "layer-url", "link"])
export type Hop = typeof Hop.Type

/** Egress policy refused a host; nothing was sent to it. */
export class RegistryNotAllowed extends Schema.TaggedError<RegistryNotAllowed>()("RegistryNotAllowed", {
  host: Schema.String,
  hop: Hop,
  reason: Schema.String
}) {}

/** The registry answered 401 or 403 to the end; it does not say whether the repository exists. */
export class RegistryDenied extends Schema.TaggedError<RegistryDenied>()("RegistryDenied", {
  registry: Schema.String,
  repository: Schema.String
}) {}

export class ImageNotFound extends Schema.TaggedError<ImageNotFound>()("ImageNotFound", { image: Schema.String }) {}

/** A manifest that is broken, too big, or not what its digest says. */
export class ManifestInvalid extends Schema.TaggedError<ManifestInvalid>()("ManifestInvalid", {
  reason: Schema.String
}) {}

/** A manifest of a kind Keyhole does not read: Docker schema 1, or an artifact with no file system. */
export class ManifestUnsupported extends Schema.TaggedError<ManifestUnsupported>()("ManifestUnsupported", {
  mediaType: Schema.String
}) {}

/** `retryAfter` in seconds, as the registry said. */
export class RegistryRateLimited extends Schema.TaggedError<RegistryRateLimited>()("RegistryRateLimited", {
  host: Schema.String,
  retryAfter: Schema.optionalKey(Schema.Number)
}) {}

export class RegistryUnreachable extends Schema.TaggedError<RegistryUnreachable>()("RegistryUnreachable", {
  host: Schema.String,
  reason: Schema.String
}) {}

export class RegistryTimeout extends Schema.TaggedError<RegistryTimeout>()("RegistryTimeout", {
  host: Schema.String
}) {}

/** The session was used after its operation ended. */
export class RegistrySessionClosed extends Schema.TaggedError<RegistrySessionClosed>()("RegistrySessionClosed", {
  repository: Schema.String
}) {}

/** Every way a registry session can fail. */
export type RegistryError =
  | RegistryNotAllowed
  | RegistryDenied
  | ImageNotFound
  | ManifestInvalid
  | ManifestUnsupported
  | RegistryRateLimited
  | RegistryUnreachable
  | RegistryTimeout
  | RegistrySessionClosed
  | LayerCorrupt
