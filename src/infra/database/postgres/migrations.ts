import type { Query } from "@mikro-orm/migrations"
import { migrations as portable } from "../migrations.ts"

/**
 * A step as PostgreSQL takes it. Text is compared byte by byte, as SQLite does: otherwise the order of what is listed would
 * be another one, and a new version of the system's locales would break every index.
 */
const translated = (statement: string): string =>
  statement
    .replaceAll(/\btext(?= (?:not null|null|primary key|default)\b)/gu, 'text collate "C"')
    .replaceAll(/\bblob(?= (?:not )?null\b)/gu, "bytea")
    .replaceAll(/\binteger not null primary key autoincrement\b/gu, "bigserial primary key")

export const migrations = portable.map(({ name, class: Portable }) => ({
  name,
  class: class extends Portable {
    override addSql(sql: Query): void {
      super.addSql(typeof sql === "string" ? translated(sql) : sql)
    }
  }
}))
