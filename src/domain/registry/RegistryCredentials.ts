import { Context, type Effect, type Option, type Redacted, Schema } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"

/** RFC 7617 §2: a user name in Basic authentication has neither a colon nor control characters. */
export const RegistryUsername = Schema.String.check(
  Schema.isPattern(/^[^:\p{Cc}]{1,255}$/u, { expected: "1 to 255 characters without a colon or control characters" })
)

/** What a person shows to a registry. */
export interface RegistryLogin {
  readonly username: string
  readonly password: Redacted.Redacted
}

/** A login as it is used; an identity token takes the password's place in an OAuth2 request. */
export interface RegistryCredential extends RegistryLogin {
  readonly identityToken?: Redacted.Redacted
}

/** What Docker's credential helpers write for a name when the secret is an identity token. */
export const IDENTITY = "<token>"

export const credentialOf = (login: RegistryLogin): RegistryCredential =>
  login.username === IDENTITY ? { ...login, identityToken: login.password } : login

/**
 * The credentials of whoever a registry session is opened for. It knows no user because it is one user's: an operation
 * is given it together with its caller, and there is none that belongs to everybody. A credential belongs to one exact
 * host and port, as the reference names it.
 */
export class RegistryCredentials extends Context.Service<
  RegistryCredentials,
  {
    readonly forHost: (host: string) => Effect.Effect<Option.Option<RegistryCredential>, StorageUnavailable>
  }
>()("keyhole/domain/registry/RegistryCredentials") {}
