import type { User } from "../identity/User.ts"
import type { Session, SessionId } from "../session/Session.ts"
import type { Grant } from "./Permission.ts"

/** The caller of a request: proved, not revoked, with the roles of this moment. */
export interface Principal {
  readonly user: User
  readonly sessionId: SessionId
  /** How the caller proved who they are: with an access token, or with a session's cookie. */
  readonly kind: Session["kind"]
  readonly grants: ReadonlyArray<Grant>
}
