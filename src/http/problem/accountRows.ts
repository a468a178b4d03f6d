import type { ServiceError } from "../../domain/ServiceResult.ts"
import { challenge, insufficientScope, invalidToken } from "../challenge.ts"
import { retryAfter } from "../retryAfter.ts"
import type { AdministrationError } from "./administrationRows.ts"
import type { ImageError } from "./imageRows.ts"
import type { Rows } from "./Row.ts"

/** A store that fails is usually back within seconds. */
const STORAGE_RETRY = 5

const passwordRules = {
  "too-short": "The password is too short: it must have at least 15 characters",
  "too-long": "The password is too long: it may have at most 256 characters",
  common: "The password is one of the commonly used ones",
  personal: "The password must not be the email, the name or the product's name"
}

/** What is wrong with a password, and where in the body it stands. */
export const weakPassword = (rule: keyof typeof passwordRules, pointer: string) => ({
  detail: passwordRules[rule],
  members: { errors: [{ pointer, detail: passwordRules[rule] }] }
})

/** Accounts, sessions, tokens, and whatever else is not about images. */
export const accountProblems = {
  EmailTaken: {
    code: "email-taken",
    describe: () => ({ detail: "There is an account with this email address", members: {} })
  },
  Forbidden: {
    code: "forbidden",
    describe: ({ permission }) => ({
      detail: `This needs the permission ${permission}`,
      members: { permission },
      headers: insufficientScope(permission)
    })
  },
  InvalidCredentials: {
    code: "invalid-credentials",
    describe: () => ({ detail: "The email or the password is not right", members: {}, headers: challenge })
  },
  NotFound: {
    code: "not-found",
    describe: ({ what }) => ({ detail: `There is no such ${what}`, members: {} })
  },
  NotSameOrigin: {
    code: "csrf",
    describe: (error) => ({
      detail: error.isSilent
        ? "A change made with a session's cookie must show which page it comes from: send Origin, or use an access token"
        : "A change made with a session's cookie must come from a page of this service or of an origin in KEYHOLE_CORS_ORIGINS; this one comes from elsewhere",
      members: {}
    })
  },
  Overloaded: {
    code: "overloaded",
    describe: (error) => ({
      detail: "Too many password checks are waiting; try again in a moment",
      members: {},
      headers: retryAfter(error.retryAfter)
    })
  },
  RateLimited: {
    code: "rate-limited",
    describe: (error) => ({
      detail: "Too many sign-ins have failed; try again later",
      members: {},
      headers: retryAfter(error.retryAfter)
    })
  },
  RefreshReused: {
    code: "refresh-reused",
    describe: () => ({
      detail: "The session was closed because an old refresh token came back; sign in again",
      members: {},
      headers: invalidToken("The refresh token was used before")
    })
  },
  StorageUnavailable: {
    code: "storage-unavailable",
    describe: () => ({
      detail: "The service cannot reach its storage; try again in a moment",
      members: {},
      headers: retryAfter(STORAGE_RETRY)
    })
  },
  TokenExpired: {
    code: "token-expired",
    describe: () => ({ detail: "Token has expired", members: {}, headers: invalidToken("Token has expired") })
  },
  TokenInvalid: {
    code: "token-invalid",
    describe: () => ({ detail: "Invalid token", members: {}, headers: invalidToken("Invalid token") })
  },
  TokenMissing: {
    code: "token-missing",
    describe: () => ({ detail: "This needs an access token", members: {}, headers: challenge })
  },
  TokenRevoked: {
    code: "token-revoked",
    describe: () => ({
      detail: "Token has been invalidated",
      members: {},
      headers: invalidToken("Token has been invalidated")
    })
  },
  WeakPassword: {
    code: "weak-password",
    describe: ({ rule }) => weakPassword(rule, "/password")
  },
  WrongPassword: {
    code: "wrong-password",
    describe: () => ({ detail: "The current password is not right", members: {} })
  }
} as const satisfies Rows<Exclude<ServiceError, AdministrationError | ImageError>>
