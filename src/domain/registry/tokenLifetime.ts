/** What a token server says of a token's life; times in milliseconds since the epoch. */
export interface TokenGrant {
  readonly expiresInSeconds?: number
  readonly issuedAt?: number
  /** The server's own clock as it answered, by which `issuedAt` is to be read: ours may differ. */
  readonly serverNow?: number
}

const SHORTEST = 60
const EARLY = 5

/**
 * When to renew a token received at `now`, in milliseconds since the epoch: 5 s before it expires. A life that is not given,
 * or shorter than a minute, is a minute (Distribution token specification); one that began before we got it is shorter by that.
 */
export const renewAt = (grant: TokenGrant, now: number): number => {
  const life = Math.max(SHORTEST, grant.expiresInSeconds ?? SHORTEST)
  const age = grant.issuedAt === undefined ? 0 : Math.max(0, (grant.serverNow ?? now) - grant.issuedAt)
  return now + (life - EARLY) * 1000 - age
}
