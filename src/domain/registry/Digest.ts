import { Schema } from "effect"

/** A content digest (OCI Image Specification, "Digests"): `sha256:` or `sha512:` and lower-case hex. */
export const Digest = Schema.String.check(
  Schema.isPattern(/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/u, { expected: "sha256: and 64 hex digits" })
).pipe(Schema.brand("Digest"))
export type Digest = typeof Digest.Type

export const isDigest = Schema.is(Digest)

/** The hash function a digest names. */
export const algorithm = (digest: Digest): "sha256" | "sha512" => (digest.startsWith("sha512:") ? "sha512" : "sha256")
