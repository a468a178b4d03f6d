import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `alter table signing_key add column retired_at bigint null`,
  `create unique index signing_key_in_state on signing_key (state) where retires_at is null`
]

export class KeyRotation extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
