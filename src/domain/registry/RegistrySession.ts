import { Context, type Effect, type Scope, type Stream } from "effect"
import type { Descriptor } from "./Descriptor.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Digest } from "./Digest.ts"
import type { Reading } from "./nextPart.ts"
import type { Reference } from "./Reference.ts"
import type { RegistryCredentials } from "./RegistryCredentials.ts"
import type { RegistryError } from "./RegistryError.ts"

/** A manifest or index as the registry sent it; `digest` is the one computed over `bytes`. */
export interface ManifestDocument {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** One page of a repository's tags; `next` is the value for `last` that gives the page after it. */
export interface TagPage {
  readonly tags: ReadonlyArray<string>
  readonly next?: string
}

/**
 * Leave to read one repository, for the length of one operation.
 *
 * The token behind it belongs to this session alone: it is never written, shared or logged, is renewed once when it
 * expires midway, and is dropped with every request in flight when the session's scope closes. From then on every
 * method fails with `RegistrySessionClosed`.
 */
export interface RegistrySession {
  readonly reference: Reference
  /** The manifest or index a tag or digest names (OCI Distribution 1.1, "Pulling manifests"). At most 4 MiB. */
  readonly manifest: (tagOrDigest: string) => Effect.Effect<ManifestDocument, RegistryError>
  /**
   * A blob's bytes. The stream fails with `LayerCorrupt` at its end when size or digest are not the descriptor's; a
   * consumer that stops early closes the connection and forgoes the check. One that is likely to do so reads "sparing":
   * no more is asked for, and ahead of it nothing, than is in proportion to what it has read.
   */
  readonly blob: (descriptor: Descriptor, reading?: Reading) => Stream.Stream<Uint8Array, RegistryError>
  readonly tags: (page: { readonly limit?: number; readonly last?: string }) => Effect.Effect<TagPage, RegistryError>
  /** Blob bytes received so far, as they came over the wire. */
  readonly bytesFetched: Effect.Effect<number>
}

/** The way into container registries: the only source of registry sessions. */
export class Registry extends Context.Service<
  Registry,
  {
    /**
     * Opens a session for one image's repository, invalidated when the scope closes, however it closes. It is opened in
     * somebody's name, and shows what that one has for the reference's host to nobody but that host and its realm.
     */
    readonly open: (
      reference: Reference
    ) => Effect.Effect<RegistrySession, RegistryError | StorageUnavailable, Scope.Scope | RegistryCredentials>
  }
>()("keyhole/domain/registry/Registry") {}
