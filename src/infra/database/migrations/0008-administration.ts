import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table role (
    name text not null primary key,
    permissions text not null
  )`,
  `create index user_role_role on user_role (role)`,

  `create table access_turn (
    id integer not null primary key,
    taken bigint not null
  )`,
  `insert into access_turn (id, taken) values (1, 0)`,

  `create index security_event_at on security_event (at, id)`,
  `create index security_event_of_user on security_event (user_id, at, id)`,
  `create index security_event_of_type on security_event (type, at, id)`,

  `create index look_at on look (at)`
]

export class Administration extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
