import type { User } from "./documents.ts"
import type { Cookies } from "./wire.ts"

export interface Credentials {
  readonly email: string
  readonly password: string
}

export interface Registration extends Credentials {
  readonly name?: string
}

/** With what a call says who sends it. */
interface Proof {
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Cookies
}

/** How a session is kept between calls: as tokens in a store, or by the browser as a cookie. */
export interface Keeper {
  readonly signIn: (credentials: Credentials) => Promise<User>
  readonly register: (registration: Registration) => Promise<User>
  /** Whose session there is already, if any. */
  readonly resume: () => Promise<User | undefined>
  readonly proof: () => Promise<Proof>
  /** After an answer that the proof had expired: whether there is a better one now. */
  readonly renew: (refused: Proof) => Promise<boolean>
  /** Somebody changed what is told of the user. */
  readonly rename: (user: User) => void
  /** Forgets the session here and at once, and then has the service close it; whether the service said that it did. */
  readonly leave: () => Promise<boolean>
  /** Forgets a session that has ended. */
  readonly forget: () => void
}
