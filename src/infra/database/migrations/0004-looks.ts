import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table look (
    id text not null primary key,
    user_id text not null,
    at bigint not null,
    operation text not null,
    image text not null,
    digest text not null,
    platform text not null,
    layer text null,
    path text null,
    bytes_fetched bigint not null,
    outcome text not null,
    constraint look_user_id_foreign foreign key (user_id) references "user" (id) on delete cascade
  )`,
  `create index look_of_user on look (user_id, at, id)`,

  `create table seen_layer (
    user_id text not null,
    image text not null,
    image_digest text not null,
    layer integer not null,
    layer_digest text not null,
    primary key (user_id, image, image_digest, layer),
    constraint seen_layer_user_id_foreign foreign key (user_id) references "user" (id) on delete cascade
  )`
]

export class Looks extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
