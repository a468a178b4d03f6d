import type { User } from "../identity/User.ts"
import type { SessionId } from "../session/Session.ts"
import type { Grant } from "./Permission.ts"

/** The caller of a request: proved, not revoked, with the roles of this moment. */
export interface Principal {
  readonly user: User
  readonly sessionId: SessionId
  readonly grants: ReadonlyArray<Grant>
}
