import { Semaphore } from "effect"

/** Where one blob was found after redirects: a signed address in an object store, mostly. */
interface StorageAddress {
  url: URL | undefined
  /** Whoever looks for it holds this; those who come meanwhile wait, and find it found. */
  readonly search: Semaphore.Semaphore
}

/** The addresses of a session's blobs, kept as long as the session lasts. */
export interface StorageAddresses {
  readonly of: (digest: string) => StorageAddress
  readonly forget: () => void
}

export const storageAddresses = (): StorageAddresses => {
  const known = new Map<string, StorageAddress>()
  return {
    of: (digest) => {
      const address = known.get(digest) ?? { url: undefined, search: Semaphore.makeUnsafe(1) }
      known.set(digest, address)
      return address
    },
    forget: () => known.clear()
  }
}
