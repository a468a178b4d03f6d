import { type EventType, SecurityEvent } from "./SecurityEvent.ts"

/**
 * Whether the details of an event are for whom it happened to as well. Why a sign-in failed is for operators alone: who has
 * taken a session over should not learn from it what guesses come to. Every type is decided on, or this does not compile.
 */
const details: Readonly<Record<EventType, "shown" | "withheld">> = {
  "user.registered": "shown",
  "user.disabled": "shown",
  "user.enabled": "shown",
  "user.deleted": "withheld",
  "sign-in.succeeded": "shown",
  "sign-in.failed": "withheld",
  "sign-out": "shown",
  "session.closed": "shown",
  "token.refreshed": "shown",
  "refresh.reused": "shown",
  "password.changed": "withheld",
  "roles.changed": "shown",
  "role.changed": "withheld",
  "key.rotated": "withheld",
  "registry.credential.set": "shown",
  "registry.credential.removed": "shown",
  "image.peeked": "shown",
  "image.carved": "shown",
  "image.downloaded": "shown"
}

/** An event whose session is the one it happened to, whoever did it. */
const isOfOwnSession = ({ type }: SecurityEvent): boolean => type === "session.closed"

/**
 * An event as the user it happened to sees it. What somebody else did to them shows who, when and what, and nothing of where
 * an administrator works.
 */
export const asOwnerSees = (event: SecurityEvent): SecurityEvent => {
  const isOwn = event.actorId === event.userId
  return new SecurityEvent({
    ...event,
    ...(details[event.type] !== "shown" && { detail: {} }),
    ...(!isOwn && { ipAddress: null, userAgent: null }),
    ...(!isOwn && !isOfOwnSession(event) && { sessionId: null })
  })
}
