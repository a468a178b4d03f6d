import { execFileSync } from "node:child_process"
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { join } from "node:path"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result, Stream } from "effect"
import { carve } from "../../../src/domain/image/carve.ts"
import { nothingKnown } from "../../../src/domain/image/KnownBlobs.ts"
import { peek } from "../../../src/domain/image/peek.ts"
import { parse } from "../../../src/domain/registry/Reference.ts"
import * as nativeDecoder from "../../../src/infra/layer/nativeDecoder.ts"
import { type Line, lineOf, pythonListing, tarListing } from "../../domain/image/support/tarListing.ts"
import { tarball } from "../../domain/image/support/tarball.ts"
import { sha256 } from "../../support/registry/layout.ts"
import { realRegistry } from "../../support/registry/real.ts"
import { client, open } from "../../support/registry/session.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const OCI = "application/vnd.oci.image"
const DOCKER = "application/vnd.docker"
const LATIN = Buffer.from("/odd/caf\xe9", "latin1")

/** Names of every kind, holes, a setuid program, a way through `/bin`. */
const makeTree = (root: string) => {
  for (const path of ["odd", "usr/bin"]) mkdirSync(join(root, path), { recursive: true })
  writeFileSync(join(root, "usr/bin/su"), "#!")
  chmodSync(join(root, "usr/bin/su"), 0o4755)
  symlinkSync("usr/bin", join(root, "bin"))
  writeFileSync(join(root, "odd/with space\nand newline"), "newline")
  writeFileSync(Buffer.concat([Buffer.from(root), LATIN]), "latin")
  const deep = join("odd", "d".repeat(200), "e".repeat(200))
  mkdirSync(join(root, deep), { recursive: true })
  writeFileSync(join(root, deep, "far"), "deep")
  const sparse = openSync(join(root, "odd/sparse"), "w")
  ftruncateSync(sparse, 1_000_000)
  writeSync(sparse, "in the middle", 500_000)
  closeSync(sparse)
}

const inPieces = (bytes: Buffer, compress: (piece: Buffer) => Buffer) => {
  const third = Math.ceil(bytes.length / 3)
  return Buffer.concat([0, 1, 2].map((at) => compress(bytes.subarray(at * third, (at + 1) * third))))
}

const pushBlob = async (repository: string, bytes: Uint8Array) => {
  const begun = await fetch(`${repository}/blobs/uploads/`, { method: "POST" })
  const location = new URL(begun.headers.get("location") ?? "", repository)
  location.searchParams.set("digest", sha256(bytes))
  const { status } = await fetch(location, { method: "PUT", body: Buffer.from(bytes) })
  assert.strictEqual(status, 201)
  return { digest: sha256(bytes), size: bytes.length }
}

const pushManifest = async (
  repository: string,
  tag: string | undefined,
  document: { readonly mediaType: string; readonly [member: string]: unknown }
) => {
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, ...document }))
  const digest = sha256(body)
  const headers = { "Content-Type": document.mediaType }
  const { status } = await fetch(`${repository}/manifests/${tag ?? digest}`, { method: "PUT", headers, body })
  assert.strictEqual(status, 201)
  return { mediaType: document.mediaType, digest, size: body.length }
}

/** GNU tar tells times to the nanosecond, Python and we as exactly as a double can. */
const rounded = ({ mtime, ...line }: Line) => ({ ...line, mtime: Math.round(mtime * 1e3) })

describe("layers of every kind in Debian's docker-registry", () => {
  it.live(
    "are listed as Python and GNU tar read them, and files carved as they were",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const root = join(folder, "root")
        makeTree(root)
        const tar = (name: string, ...options: ReadonlyArray<string>) => {
          const file = join(folder, name)
          execFileSync("tar", ["-cf", file, "--sort=name", ...options])
          return file
        }
        const odd = ["--sparse", "-C", root, "."]
        const many = join(folder, "many.tar")
        writeFileSync(many, tarball(...Array.from({ length: 60_000 }, (_, at) => ({ name: `many/${at % 97}/${at}` }))))
        const archives = [
          many,
          tar("gnu.tar", "--format=gnu", ...odd),
          tar("pax.tar", "--format=pax", ...odd),
          tar("devices.tar", "-C", "/dev", "null", "zero")
        ]
        const blobs = archives.map((file, at) => {
          const bytes = readFileSync(file)
          if (at === 0) return { type: "gzip", bytes: inPieces(bytes, (piece) => gzipSync(piece)) }
          if (at === 1) return { type: "zstd", bytes: inPieces(bytes, (piece) => zstdCompressSync(piece)) }
          return at === 2 ? { type: "", bytes } : { type: "gzip", bytes: gzipSync(bytes) }
        })

        const registry = yield* realRegistry()
        const repository = `http://${registry.host}/v2/team/app`
        const push = async (mediaType: string, configType: string, layerType: (kind: string) => string) => {
          const settings = Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64" }))
          const config = { mediaType: configType, ...(await pushBlob(repository, settings)) }
          const layers = []
          for (const { type, bytes } of blobs) {
            layers.push({ mediaType: layerType(type), ...(await pushBlob(repository, bytes)) })
          }
          return pushManifest(repository, mediaType.includes("docker") ? "docker" : undefined, {
            mediaType,
            config,
            layers
          })
        }
        yield* Effect.promise(async () => {
          await push(
            `${DOCKER}.distribution.manifest.v2+json`,
            `${DOCKER}.container.image.v1+json`,
            (kind) => `${DOCKER}.image.rootfs.diff.tar${kind === "" ? "" : `.${kind}`}`
          )
          const oci = await push(
            `${OCI}.manifest.v1+json`,
            `${OCI}.config.v1+json`,
            (kind) => `${OCI}.layer.v1.tar${kind === "" ? "" : `+${kind}`}`
          )
          const platform = (architecture: string, os: string) => ({ platform: { architecture, os } })
          await pushManifest(repository, "index", {
            mediaType: `${OCI}.index.v1+json`,
            manifests: [
              { ...oci, ...platform("unknown", "unknown") },
              { ...oci, ...platform("amd64", "linux") }
            ]
          })
        })

        const listings = archives.map((file) => ({ byPython: pythonListing(file), byTar: tarListing(file) }))
        const check = Effect.fnUntraced(function* (tag: string) {
          const reference = Result.getOrThrow(parse(`${registry.host}/team/app:${tag}`))
          for (const [layer, { byPython, byTar }] of listings.entries()) {
            const { entries } = yield* peek({ reference, layer: String(layer) })
            const lines = (yield* Stream.runCollect(entries)).map(lineOf)
            assert.deepStrictEqual(lines, [...byPython])
            assert.deepStrictEqual(lines.map(rounded), byTar.map(rounded))
          }
          for (const layer of ["1", "2"]) {
            for (const path of ["/bin/su", "/odd/sparse", "/odd/caf\udce9", "/odd/with space\nand newline"]) {
              const { content } = yield* carve({ reference, layer, path })
              const original = Buffer.from(
                `${root}${path.replace("/bin/", "/usr/bin/").replace("\udce9", "\xe9")}`,
                "latin1"
              )
              const chunks = yield* Stream.runCollect(content)
              assert.strictEqual(Buffer.compare(Buffer.concat(chunks), readFileSync(original)), 0, path)
            }
          }
        })
        yield* Effect.forEach(["docker", "index"], (tag) => Effect.scoped(check(tag))).pipe(
          Effect.provide(Layer.mergeAll(client(open(registry.host)), nativeDecoder.layer, nothingKnown))
        )
      }),
    120_000
  )
})
