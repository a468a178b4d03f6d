import type { Digest } from "../../domain/registry/Digest.ts"
import { type Reference, repositoryOf } from "../../domain/registry/Reference.ts"
import type { ManifestDocument } from "../../domain/registry/RegistrySession.ts"

/** Manifests met before, by repository and digest; those not asked for the longest go first. */
export interface ManifestMemory {
  /** Whether anything of the repository is remembered. */
  readonly knows: (reference: Reference) => boolean
  readonly get: (reference: Reference, digest: Digest) => ManifestDocument | undefined
  readonly put: (reference: Reference, document: ManifestDocument) => void
}

const LIMIT = 16 * 1024 * 1024

/** Remembers manifests of at most `limit` bytes together. */
export const manifestMemory = (limit = LIMIT): ManifestMemory => {
  // A Map keeps the order of insertion, so its first key is the one unused for the longest.
  const documents = new Map<string, { readonly name: string; readonly document: ManifestDocument }>()
  const counts = new Map<string, number>()
  let size = 0

  const keyOf = (reference: Reference, digest: Digest) => `${repositoryOf(reference)}@${digest}`

  const remove = (key: string) => {
    const found = documents.get(key)
    if (found === undefined) return
    documents.delete(key)
    size -= found.document.bytes.length
    const left = (counts.get(found.name) ?? 1) - 1
    if (left === 0) counts.delete(found.name)
    else counts.set(found.name, left)
  }

  const add = (key: string, name: string, document: ManifestDocument) => {
    documents.set(key, { name, document })
    size += document.bytes.length
    counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const oldest of documents.keys()) {
      if (size <= limit) return
      remove(oldest)
    }
  }

  return {
    knows: (reference) => counts.has(repositoryOf(reference)),
    get: (reference, digest) => {
      const key = keyOf(reference, digest)
      const document = documents.get(key)?.document
      if (document === undefined) return undefined
      remove(key)
      add(key, repositoryOf(reference), document)
      return document
    },
    put: (reference, document) => {
      const key = keyOf(reference, document.digest)
      remove(key)
      add(key, repositoryOf(reference), document)
    }
  }
}
