import { hash } from "node:crypto"
import type { KeyId, OpenedToken } from "../../domain/token/TokenSigner.ts"

interface Verified extends OpenedToken {
  readonly keyId: KeyId
}

// Some 0.6 KB each.
const CAPACITY = 5000

/**
 * Tokens whose signature was found good lately, known by their SHA-256 so that nothing here could be presented. That a
 * signature is good stays true; everything else (key, times, revocation) is asked anew for each request.
 */
export const verifiedTokens = (capacity = CAPACITY) => {
  const byHash = new Map<string, Verified>()
  const keyOf = (token: string) => hash("sha256", token, "base64")
  return {
    find: (token: string): Verified | undefined => byHash.get(keyOf(token)),
    /** The one that was kept longest goes when there are too many. */
    keep: (token: string, verified: Verified): void => {
      byHash.set(keyOf(token), verified)
      const [oldest] = byHash.keys()
      if (byHash.size > capacity && oldest !== undefined) byHash.delete(oldest)
    }
  }
}
