import { Context, Effect, Layer, Option, type Redacted } from "effect"

/** What a person shows to a registry; an identity token takes the password's place in an OAuth2 request. */
export interface RegistryCredential {
  readonly username: string
  readonly password: Redacted.Redacted
  readonly identityToken?: Redacted.Redacted
}

/** The caller's credentials for registries. A credential belongs to one exact host and port, as the reference names it. */
export class RegistryCredentials extends Context.Service<
  RegistryCredentials,
  {
    readonly forHost: (host: string) => Effect.Effect<Option.Option<RegistryCredential>>
  }
>()("keyhole/domain/registry/RegistryCredentials") {}

/** Nobody has any credentials. */
export const anonymous = Layer.succeed(RegistryCredentials, { forHost: () => Effect.succeed(Option.none()) })
