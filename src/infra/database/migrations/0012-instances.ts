import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table instance (
    id text not null primary key,
    beats bigint not null
  )`
]

export class Instances extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
