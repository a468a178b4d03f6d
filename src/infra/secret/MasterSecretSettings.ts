import { Context, type Option, type Redacted } from "effect"

export class MasterSecretSettings extends Context.Service<
  MasterSecretSettings,
  {
    /** The operator's own secret; without it one is generated and kept in the data directory. */
    readonly given: Option.Option<Redacted.Redacted<string>>
    readonly dataDirectory: string
  }
>()("keyhole/infra/secret/MasterSecretSettings") {}
