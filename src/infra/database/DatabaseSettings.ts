import { Context } from "effect"

/** Where the database is. For SQLite a file, or `:memory:` for one that ends with the process. */
export class DatabaseSettings extends Context.Service<
  DatabaseSettings,
  { readonly kind: "sqlite"; readonly file: string }
>()("keyhole/infra/database/DatabaseSettings") {}
