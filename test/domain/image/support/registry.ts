import { createHash } from "node:crypto"
import { gzipSync } from "node:zlib"
import { Effect, Layer, Option, Stream } from "effect"
import { nothingKnown } from "../../../../src/domain/image/KnownBlobs.ts"
import { LayerCorrupt } from "../../../../src/domain/image/LayerError.ts"
import type { Descriptor } from "../../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../../src/domain/registry/Digest.ts"
import { Reference } from "../../../../src/domain/registry/Reference.ts"
import { RegistryCredentials } from "../../../../src/domain/registry/RegistryCredentials.ts"
import { ImageNotFound, RegistrySessionClosed } from "../../../../src/domain/registry/RegistryError.ts"
import { Registry } from "../../../../src/domain/registry/RegistrySession.ts"
import { decoder } from "../../../support/decoder.ts"
import { bytesOf, type Member, tarball } from "./tarball.ts"

const OCI = "application/vnd.oci.image"
const PIECE = 4096

export const digestOf = (bytes: Uint8Array): Digest =>
  Digest.make(`sha256:${createHash("sha256").update(bytes).digest("hex")}`)

export const reference = new Reference({ registry: "localhost:5000", repository: "test/image", tag: "latest" })

/** A registry in memory that holds one repository, and remembers what was done with it. */
export class TestRegistry {
  readonly blobs = new Map<string, Uint8Array>()
  readonly manifests = new Map<
    string,
    { readonly digest: Digest; readonly mediaType: string; readonly bytes: Uint8Array }
  >()
  /** The blobs that were asked for, in order. */
  readonly asked: Array<string> = []
  /** Layers connect, or configurations do, and nothing comes. */
  stalled: boolean | "config" = false
  bytes = 0
  connections = 0
  sessions = 0
  tags: ReadonlyArray<string> = ["latest"]

  putBlob(bytes: Uint8Array, mediaType: string) {
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.length }
  }

  putManifest(document: object, mediaType: string, tag?: string) {
    const bytes = bytesOf(JSON.stringify({ schemaVersion: 2, mediaType, ...document }))
    const stored = { digest: digestOf(bytes), mediaType, bytes }
    this.manifests.set(stored.digest, stored)
    if (tag !== undefined) this.manifests.set(tag, stored)
    return { mediaType, digest: stored.digest, size: bytes.length }
  }

  /** Puts an image of these archives, lowest first. */
  putImage(archives: ReadonlyArray<Uint8Array>, { tag = "latest", os = "linux", architecture = "amd64" } = {}) {
    const layers = archives.map((archive) => this.putBlob(archive, `${OCI}.layer.v1.tar+gzip`))
    const history = layers.map((_, at) => ({ created_by: `step ${at}` }))
    const config = this.putBlob(bytesOf(JSON.stringify({ os, architecture, history })), `${OCI}.config.v1+json`)
    return this.putManifest({ config, layers }, `${OCI}.manifest.v1+json`, tag)
  }

  /** The same from what is in each layer. */
  putLayers(...layers: ReadonlyArray<ReadonlyArray<Member>>) {
    return this.putImage(layers.map((members) => gzipSync(tarball(...members))))
  }

  readonly #blob = (descriptor: Descriptor) => {
    const bytes = this.blobs.get(descriptor.digest) ?? new Uint8Array(0)
    this.asked.push(descriptor.digest)
    const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, at) =>
      bytes.subarray(at * PIECE, (at + 1) * PIECE)
    )
    const stalls = this.stalled && descriptor.mediaType.includes(this.stalled === "config" ? "config" : "layer")
    return (stalls ? Stream.never : Stream.fromIterable(pieces)).pipe(
      Stream.rechunk(1),
      Stream.tap((piece) => Effect.sync(() => (this.bytes += piece.length))),
      Stream.concat(
        digestOf(bytes) === descriptor.digest ? Stream.empty : Stream.fail(new LayerCorrupt({ reason: "wrong digest" }))
      ),
      Stream.onStart(Effect.sync(() => this.connections++)),
      Stream.ensuring(Effect.sync(() => this.connections--))
    )
  }

  get layer() {
    return Layer.mergeAll(
      decoder,
      Layer.succeed(RegistryCredentials, { forHost: () => Effect.succeed(Option.none()) }),
      nothingKnown,
      Layer.succeed(Registry, {
        open: (image) =>
          Effect.gen({ self: this }, function* () {
            const state = { open: true }
            this.sessions++
            yield* Effect.addFinalizer(() =>
              Effect.sync(() => {
                state.open = false
                this.sessions--
              })
            )
            const check = Effect.suspend(() =>
              state.open ? Effect.void : Effect.fail(new RegistrySessionClosed({ repository: image.repository }))
            )
            return {
              reference: image,
              manifest: (name: string) =>
                Effect.flatMap(check, () => {
                  const stored = this.manifests.get(name)
                  return stored === undefined ? Effect.fail(new ImageNotFound({ image: name })) : Effect.succeed(stored)
                }),
              blob: (descriptor: Descriptor) => Stream.unwrap(Effect.map(check, () => this.#blob(descriptor))),
              tags: () => Effect.as(check, { tags: this.tags }),
              bytesFetched: Effect.sync(() => this.bytes)
            }
          })
      })
    )
  }
}
