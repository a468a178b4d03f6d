/** A problem as consumers may rely on it: its statuses, its title, and what the page `/problems/{code}` says of it. */
interface Entry {
  readonly statuses: readonly [number, ...ReadonlyArray<number>]
  readonly title: string
  readonly explanation: string
}

const entry = <const Statuses extends Entry["statuses"]>(statuses: Statuses, title: string, explanation: string) => ({
  statuses,
  title,
  explanation
})

/** Every problem the service answers with. Codes are stable. */
export const catalogue = {
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
    "Too many password checks at once",
    "Checking a password is slow on purpose, and more of them are waiting than can be done soon. Try again after the seconds in `Retry-After`."
  ),
  "storage-unavailable": entry(
    [503],
    "The service cannot reach its storage",
    "Nothing is known to have been done. Try again after the seconds in `Retry-After`."
  ),
  "image-reference-invalid": entry(
    [422],
    "Not an image reference",
    "An image is named as `docker pull` takes it: `alpine`, `alpine:3.20`, `ghcr.io/org/app@sha256:…`, `localhost:5000/x/y:z`."
  ),
  "manifest-unsupported": entry(
    [422],
    "A manifest of a kind that is not read here",
    "Keyhole reads OCI and Docker schema 2 image manifests and lists. Docker schema 1 has been out of use since 2017; an artifact without layers has no files."
  ),
  "registry-not-allowed": entry(
    [422],
    "The host may not be reached",
    "Keyhole connects to public registries, and to private hosts only where its operator allows them. `hop` says on which step the host came up: the registry itself, its token realm, a redirect, a layer's URL or a link."
  ),
  "registry-denied": entry(
    [403],
    "The registry refused",
    "The registry answered 401 or 403 to the end. Either the repository does not exist or it may not be read with the credentials at hand; registries do not say which."
  ),
  "image-not-found": entry([404], "No such image", "The registry has no such repository, tag or digest."),
  "platform-not-found": entry(
    [404],
    "The image is not there for this platform",
    "The image exists for other platforms; `platforms` lists them."
  ),
  "layer-not-found": entry(
    [404],
    "No such layer",
    "A layer is named by its index, the lowest being 0, or by its digest, as `/images/manifest` lists them."
  ),
  "file-not-found": entry([404], "No such file", "The image, or the layer, has nothing at this path."),
  "file-deleted": entry(
    [404],
    "The file was deleted by a layer",
    "A lower layer has the file, and the layer with the index `layer` deletes it. Ask for the lower layer by itself to see it."
  ),
  "link-dangling": entry(
    [404],
    "The link leads nowhere",
    "The path is a link, or leads through one, whose target does not exist in the image, or that leads round in a circle."
  ),
  "not-a-file": entry(
    [409],
    "Not a regular file",
    "The path names a directory, a device or something else that has no content."
  ),
  "layer-unsupported": entry(
    [422],
    "A layer of a kind that is not read here",
    "Layers are tar archives: plain, or compressed with gzip or zstd."
  ),
  "layer-limit-exceeded": entry(
    [422],
    "A layer exceeds a limit",
    "Layers come from strangers, so their size after decompression, the number and names of their entries and the time spent on them are limited. `limit` names the limit that was crossed, `value` is its value."
  ),
  "registry-rate-limited": entry(
    [429],
    "The registry limits its clients",
    "The registry asked to wait. Try again after the seconds in `Retry-After`."
  ),
  "registry-unreachable": entry([502], "The registry cannot be reached", "No usable answer came from the registry."),
  "manifest-invalid": entry(
    [502],
    "The registry's manifest is broken",
    "The manifest is malformed, too big, or not what its digest says."
  ),
  "layer-corrupt": entry(
    [502],
    "The layer is broken",
    "The layer's archive is damaged or cut short, or its bytes are not what its digest says."
  ),
  "registry-timeout": entry([504], "The registry took too long", "The registry did not answer in time. Try again."),
  "internal-error": entry(
    [500],
    "Something went wrong inside",
    "The fault is the service's, not the request's. Its operator finds it in the log under the request id, which is in `instance` and in the header `X-Request-Id`."
  )
} satisfies Record<string, Entry>

export type ProblemCode = keyof typeof catalogue

/** The statuses a problem comes with. */
export type StatusOf<Code extends ProblemCode> = (typeof catalogue)[Code]["statuses"][number]

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(catalogue, code)
