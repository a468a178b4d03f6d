import { Migration } from "@mikro-orm/migrations"

export class RegistryCredentials extends Migration {
  override up(): void {
    this.addSql(`create table registry_credential (
      user_id text not null,
      host text not null,
      login text not null,
      primary key (user_id, host),
      constraint registry_credential_user_id_foreign foreign key (user_id) references "user" (id) on delete cascade
    )`)
  }
}
