import { DateTime } from "effect"
import type { Selectable } from "kysely"
import { Client } from "../../domain/Client.ts"
import { UserId } from "../../domain/identity/User.ts"
import { Session, SessionId } from "../../domain/session/Session.ts"
import type { SessionSecret } from "../../domain/session/SessionSecret.ts"
import type { Tables } from "../database/entities.ts"
import { secretHash } from "./secretHash.ts"

export type SessionRow = Selectable<Tables["session"]>

const closedOf = ({ closed_at, close_reason }: SessionRow): Session["closed"] =>
  closed_at === null || close_reason === null ? null : { at: DateTime.makeUnsafe(closed_at), reason: close_reason }

export const toSession = (row: SessionRow): Session =>
  new Session({
    id: SessionId.make(row.id),
    kind: row.kind,
    userId: UserId.make(row.user_id),
    client: new Client({ ipAddress: row.ip_address, userAgent: row.user_agent }),
    createdAt: DateTime.makeUnsafe(row.created_at),
    lastSeenAt: DateTime.makeUnsafe(row.last_seen_at),
    expiresAt: DateTime.makeUnsafe(row.expires_at),
    closed: closedOf(row)
  })

export const toRow = (session: Session, secret: SessionSecret | undefined): SessionRow => ({
  id: session.id,
  kind: session.kind,
  user_id: session.userId,
  ip_address: session.client.ipAddress,
  user_agent: session.client.userAgent,
  created_at: DateTime.toEpochMillis(session.createdAt),
  last_seen_at: DateTime.toEpochMillis(session.lastSeenAt),
  expires_at: DateTime.toEpochMillis(session.expiresAt),
  closed_at: session.closed === null ? null : DateTime.toEpochMillis(session.closed.at),
  close_reason: session.closed?.reason ?? null,
  secret_hash: secret === undefined ? null : secretHash(secret)
})
