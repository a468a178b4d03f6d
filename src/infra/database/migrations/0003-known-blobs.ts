import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table known_blob (
    id text not null primary key,
    size integer not null,
    used_at bigint not null,
    content blob not null
  )`,
  `create index known_blob_use on known_blob (used_at, size)`,

  `create table known_blob_origin (
    blob_id text not null,
    repository text not null,
    primary key (blob_id, repository),
    constraint known_blob_origin_blob_id_foreign foreign key (blob_id) references known_blob (id) on delete cascade
  )`
]

export class KnownBlobs extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
