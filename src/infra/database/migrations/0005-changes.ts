import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table change (
    seq integer not null primary key autoincrement,
    kind text not null,
    subject text not null,
    until bigint null,
    at bigint not null
  )`
]

export class Changes extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
