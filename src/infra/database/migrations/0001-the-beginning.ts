import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `create table "user" (
    id text not null primary key,
    email text not null,
    email_key text not null,
    name text null,
    password_hash text not null,
    disabled integer not null,
    created_at bigint not null,
    last_login_at bigint null
  )`,
  `create unique index user_email_key_unique on "user" (email_key)`,

  `create table user_role (
    user_id text not null,
    role text not null,
    primary key (user_id, role),
    constraint user_role_user_id_foreign foreign key (user_id) references "user" (id) on delete cascade
  )`,

  `create table session (
    id text not null primary key,
    kind text not null,
    user_id text not null,
    ip_address text null,
    user_agent text null,
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    closed_at bigint null,
    close_reason text null,
    constraint session_user_id_foreign foreign key (user_id) references "user" (id) on delete cascade
  )`,
  `create index session_of_user on session (user_id, closed_at)`,

  `create table refresh_token (
    id text not null primary key,
    session_id text not null,
    user_id text not null,
    key_id text not null,
    issued_at bigint not null,
    expires_at bigint not null,
    consumed_at bigint null,
    constraint refresh_token_session_id_foreign foreign key (session_id) references session (id) on delete cascade
  )`,
  `create index refresh_token_session_id_index on refresh_token (session_id)`,
  `create unique index refresh_token_live on refresh_token (session_id) where consumed_at is null`,

  `create table token_entry (
    key text not null primary key,
    value text not null,
    expires_at bigint not null
  )`,
  `create index token_entry_expires_at_index on token_entry (expires_at)`,

  `create table security_event (
    id text not null primary key,
    type text not null,
    at bigint not null,
    outcome text not null,
    user_id text null,
    actor_id text null,
    session_id text null,
    ip_address text null,
    user_agent text null,
    detail text not null
  )`,

  `create table signing_key (
    kid text not null primary key,
    private_key text not null,
    public_key text not null,
    state text not null,
    created_at bigint not null,
    activated_at bigint null,
    retires_at bigint null
  )`
]

export class TheBeginning extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
