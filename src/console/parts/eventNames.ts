import type { EventType } from "../../client/client.ts"

/** What is called how. A type that has no name here does not compile. */
export const EVENT_NAMES = {
  "user.registered": "Account made",
  "user.disabled": "Account disabled",
  "user.enabled": "Account let in again",
  "user.deleted": "Account deleted",
  "sign-in.succeeded": "Sign-in succeeded",
  "sign-in.failed": "Sign-in failed",
  "sign-out": "Sign-out",
  "session.closed": "Session closed",
  "token.refreshed": "Token refreshed",
  "refresh.reused": "Refresh token reused",
  "password.changed": "Password changed",
  "roles.changed": "Roles of an account changed",
  "role.changed": "Role changed",
  "key.rotated": "Signing key rotated",
  "registry.credential.set": "Registry login kept",
  "registry.credential.removed": "Registry login removed",
  "image.peeked": "Image peeked at",
  "image.carved": "File carved",
  "image.downloaded": "Layer downloaded"
} as const satisfies Record<EventType, string>

export const nameOfEvent = (type: EventType): string => EVENT_NAMES[type]

export const isEventType = (text: string | undefined): text is EventType =>
  text !== undefined && Object.hasOwn(EVENT_NAMES, text)
