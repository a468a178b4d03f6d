import { Context, type Redacted } from "effect"

export interface SqliteSettings {
  readonly kind: "sqlite"
  /** `:memory:` is a database that ends with the process. */
  readonly file: string
}

export interface PostgresSettings {
  readonly kind: "postgres"
  readonly url: Redacted.Redacted<string>
}

/** Where the database is. */
export class DatabaseSettings extends Context.Service<DatabaseSettings, SqliteSettings | PostgresSettings>()(
  "keyhole/infra/database/DatabaseSettings"
) {}
