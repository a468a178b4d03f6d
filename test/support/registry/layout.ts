import { createHash } from "node:crypto"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

export const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`

export interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly bytes: Uint8Array
}

const blob = (mediaType: string, content: Uint8Array | object): Blob => {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
  return { mediaType, digest: sha256(bytes), size: bytes.length, bytes }
}

const descriptorOf = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size })

export interface Image {
  readonly manifest: Blob
  readonly config: Blob
  readonly layers: ReadonlyArray<Blob>
}

/** An OCI image whose layers are whatever bytes they are given. */
export const image = (
  layers: ReadonlyArray<Uint8Array>,
  config: object = {},
  layerType = "application/vnd.oci.image.layer.v1.tar+gzip"
): Image => {
  const layerBlobs = layers.map((bytes) => blob(layerType, bytes))
  const configBlob = blob("application/vnd.oci.image.config.v1+json", {
    os: "linux",
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: layerBlobs.map(({ digest }) => digest) },
    ...config
  })
  const manifest = blob("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptorOf(configBlob),
    layers: layerBlobs.map(descriptorOf)
  })
  return { manifest, config: configBlob, layers: layerBlobs }
}

/** Writes an image as an OCI layout, which skopeo pushes as it is. */
export const writeLayout = async (folder: string, { manifest, config, layers }: Image): Promise<void> => {
  const blobs = join(folder, "blobs", "sha256")
  await mkdir(blobs, { recursive: true })
  for (const { digest, bytes } of [manifest, config, ...layers]) await writeFile(join(blobs, digest.slice(7)), bytes)
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(manifest)] }))
}
