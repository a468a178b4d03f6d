import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `alter table session add column secret_hash text null`,
  `create unique index session_secret_hash_unique on session (secret_hash)`,
  `create index session_end on session (closed_at, expires_at)`,
  `create index refresh_token_end on refresh_token (expires_at)`
]

export class CookieSessions extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
