import { UAParser } from "ua-parser-js"
import type { Session, SessionId } from "../../domain/session/Session.ts"
import type { SessionDocument } from "../api/documents.ts"

/** A device as people would call it, `Firefox on Linux`: as much of it as the agent tells. */
export const deviceOf = (userAgent: string | null): string | null => {
  if (userAgent === null) return null
  const { browser, os } = UAParser(userAgent)
  // A tool that is no browser names itself first: `curl/8.5.0`.
  const program = browser.name ?? /^[\w.-]{1,40}(?=\/)/u.exec(userAgent)?.[0]
  return program !== undefined && os.name !== undefined ? `${program} on ${os.name}` : (program ?? os.name ?? null)
}

/** As the caller in the session `current` sees it. */
export const viewSession =
  (current: SessionId, countryOf: (ipAddress: string) => string | undefined) =>
  (session: Session): SessionDocument => {
    const { ipAddress, userAgent } = session.client
    const country = ipAddress === null ? undefined : countryOf(ipAddress)
    return {
      id: session.id,
      kind: session.kind,
      current: session.id === current,
      created_at: session.createdAt,
      last_seen_at: session.lastSeenAt,
      expires_at: session.expiresAt,
      ip_address: ipAddress,
      user_agent: userAgent,
      device: deviceOf(userAgent),
      ...(country !== undefined && { country })
    }
  }
