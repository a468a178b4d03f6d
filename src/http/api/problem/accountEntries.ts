import { entry } from "./Entry.ts"

/** Requests, accounts, sessions, tokens, and the service itself. */
export const accountCatalogue = {
  "invalid-request": entry(
    [400, 408, 413, 415, 422, 431],
    "The request is not acceptable",
    "Something in the request is malformed, too large, of the wrong type or not known here. Each entry of `errors` points at one place and says what is wrong with it. Unknown properties and query parameters are refused so that nobody believes they had an effect."
  ),
  "weak-password": entry(
    [422],
    "The password is too easy to guess",
    "A password has 15 to 256 characters and is neither one of the commonly used ones nor made of the email, the name or the product's name. There are no other rules: a sentence is a good password."
  ),
  "email-taken": entry(
    [409],
    "The email address is taken",
    "There is an account with this email address already, perhaps in another spelling of upper and lower case. Sign in with it, or use another address."
  ),
  "invalid-credentials": entry(
    [401],
    "The email or the password is not right",
    "No account can be entered with these credentials. The answer is the same whatever the reason."
  ),
  "token-missing": entry(
    [401],
    "A token is needed",
    "The call needs a caller. Send an access token in the header `Authorization: Bearer …`; a token in the query string is not looked at."
  ),
  "token-invalid": entry(
    [401],
    "The token is not valid",
    "The token is not one of this service's, has been changed, or is not meant for this use: an access token is for calls, a refresh token for `/auth/refresh` and `/auth/logout`."
  ),
  "token-expired": entry(
    [401],
    "The token has expired",
    "Exchange the refresh token for new tokens at `/auth/refresh`, or sign in again."
  ),
  "token-revoked": entry(
    [401],
    "The token has been invalidated",
    "The session the token belongs to was closed: by signing out, by its owner from another session, or because the account changed. Sign in again."
  ),
  "refresh-reused": entry(
    [401],
    "An old refresh token came back",
    "A refresh token is for one use. This one had been replaced, so somebody may hold a copy, and the session was closed. Sign in again."
  ),
  csrf: entry(
    [403],
    "The call does not come from a page of ours",
    "A call that changes something came with a session's cookie, and nothing proved that a page of this service asked for it: `Origin` and `Sec-Fetch-Site` must agree with the address the service was called at, and at least one of them must be there. Browsers send both; other programs should use an access token."
  ),
  forbidden: entry(
    [403],
    "A permission is missing",
    "The caller is known but may not do this. `permission` names what is missing, `*` being everything; an administrator can grant a role that has it. Nobody grants what they do not hold, and what concerns administrators is for administrators."
  ),
  "wrong-password": entry(
    [403],
    "The current password is not right",
    "What cannot be undone, and what shuts others out, is asked for with the account's password again. The one that was sent is not it. Who does not know it any more needs an administrator."
  ),
  "last-administrator": entry(
    [409],
    "There would be no administrator left",
    "The change would leave nobody who is enabled and may do everything. Make somebody else an administrator first."
  ),
  "built-in-role": entry(
    [409],
    "The role is built in",
    "The roles `viewer`, `operator` and `admin` are part of the service and stay as they are. Define a role of another name."
  ),
  "role-in-use": entry(
    [409],
    "Somebody has the role",
    "A role is removed when nobody has it any more. Give those who have it other roles first."
  ),
  "not-found": entry(
    [404],
    "There is nothing here",
    "What was asked for does not exist, or is not the caller's. The answer is the same for both."
  ),
  "method-not-allowed": entry(
    [405],
    "The method is not allowed here",
    "The path exists but not for this method. The header `Allow` lists the ones it has."
  ),
  "rate-limited": entry(
    [429],
    "Too many failed attempts",
    "Too many passwords were wrong, from this address on this account, from this address on all accounts, or on this account from addresses that it does not know. Nothing is said of the one that was sent now, not even when it is right. Try again after the seconds in `Retry-After`; the wait grows with each further round of failures, to 15 minutes at most, and shrinks again with time."
  ),
  overloaded: entry(
    [503],
    "Too much at once",
    "Checking a password is slow on purpose, and reading an image takes time and memory: more of them are waiting than can be done soon, or more of one user's than may, or a layer's decompressor needs memory that others have now. Try again after the seconds in `Retry-After`, or in a moment where there is none."
  ),
  "storage-unavailable": entry(
    [503],
    "The service cannot reach its storage",
    "Nothing is known to have been done. Try again after the seconds in `Retry-After`."
  ),
  "internal-error": entry(
    [500],
    "Something went wrong inside",
    "The fault is the service's, not the request's. Its operator finds it in the log under the request id, which is in `instance` and in the header `X-Request-Id`."
  )
}
