import { defineEntity, p } from "@mikro-orm/core"
import type { CloseReason, Session as DomainSession } from "../../../domain/session/Session.ts"
import { User } from "./User.ts"

export const Session = defineEntity({
  name: "Session",
  tableName: "session",
  // Closed sessions pile up; whoever asks for a user's live ones should not walk past them.
  indexes: [
    { name: "session_of_user", properties: ["user", "closedAt"] },
    // For the sweeps: what is over and not closed, and what was closed long ago.
    { name: "session_end", properties: ["closedAt", "expiresAt"] }
  ],
  properties: {
    id: p.text().primary(),
    kind: p.text().$type<DomainSession["kind"]>(),
    user: () => p.manyToOne(User).index(false).deleteRule("cascade"),
    ipAddress: p.text().nullable(),
    userAgent: p.text().nullable(),
    createdAt: p.bigint("number"),
    lastSeenAt: p.bigint("number"),
    expiresAt: p.bigint("number"),
    closedAt: p.bigint("number").nullable(),
    /** Of the secret in a cookie session's cookie. */
    secretHash: p.text().unique().nullable(),
    closeReason: p.text().$type<CloseReason>().nullable()
  }
})
