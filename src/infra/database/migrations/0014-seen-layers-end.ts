import { Migration } from "@mikro-orm/migrations"

const STATEMENTS = [
  `alter table seen_layer add column seen_at bigint not null default 0`,
  // Nobody noted when: as long ago as their user looked at anything, so that a name is found for no shorter time than before.
  `update seen_layer set seen_at = coalesce((select max(at) from look where look.user_id = seen_layer.user_id), 0)`,
  `create index seen_layer_seen_at on seen_layer (seen_at)`
]

export class SeenLayersEnd extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement)
  }
}
