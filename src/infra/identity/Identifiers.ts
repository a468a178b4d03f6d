import { randomBytes, randomUUID } from "node:crypto"
import { Clock, Effect, Layer, Redacted } from "effect"
import { EventId } from "../../domain/event/SecurityEvent.ts"
import { Identifiers } from "../../domain/Identifiers.ts"
import { UserId } from "../../domain/identity/User.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { SessionSecret } from "../../domain/session/SessionSecret.ts"
import { TokenId } from "../../domain/token/TokenId.ts"
import { orderedIds } from "./orderedId.ts"

const eventId = orderedIds()

export const layer = Layer.succeed(Identifiers, {
  user: Effect.sync(() => UserId.make(randomUUID())),
  session: Effect.sync(() => SessionId.make(`sess_${randomBytes(8).toString("hex")}`)),
  secret: Effect.sync(() => SessionSecret.make(Redacted.make(randomBytes(48).toString("base64url")))),
  token: Effect.sync(() => TokenId.make(randomBytes(16).toString("base64url"))),
  event: Effect.map(Clock.currentTimeMillis, (now) => EventId.make(eventId(now)))
})
