import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table sweep_turn (
    what text not null primary key,
    holder text not null,
    until bigint not null
  )`
]

export class SweepTurns extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
