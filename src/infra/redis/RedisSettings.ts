import { Context, type Option, type Redacted } from "effect"

/** Where Redis is, if there is one. */
export class RedisSettings extends Context.Service<
  RedisSettings,
  { readonly url: Option.Option<Redacted.Redacted<string>> }
>()("keyhole/infra/redis/RedisSettings") {}
