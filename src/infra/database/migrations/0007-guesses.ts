import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table guess_tally (
    key text not null primary key,
    failures text not null,
    strikes integer not null,
    wait_until bigint not null,
    told smallint not null,
    signed_in_at bigint null,
    ends_at bigint not null
  )`,
  `create index guess_tally_ends_at_index on guess_tally (ends_at)`
]

export class Guesses extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
