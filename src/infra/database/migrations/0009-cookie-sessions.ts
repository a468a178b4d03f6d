import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `alter table session add column secret_hash text null`,
  `create unique index session_secret_hash_unique on session (secret_hash)`
]

export class CookieSessions extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
