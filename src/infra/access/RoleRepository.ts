import { Effect, Layer, Schema } from "effect"
import type { Kysely, Selectable } from "kysely"
import { Grant } from "../../domain/access/Permission.ts"
import { Role, RoleName } from "../../domain/access/Role.ts"
import { RoleRepository } from "../../domain/access/RoleRepository.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"

const SEPARATOR = " "
const isGrant = Schema.is(Grant)

const toRole = (row: Selectable<Tables["role"]>): Role =>
  new Role({
    name: RoleName.make(row.name),
    permissions: row.permissions.split(SEPARATOR).filter(isGrant),
    builtIn: false
  })

const rolesIn = async (tables: Kysely<Tables>): Promise<ReadonlyArray<Role>> => {
  const rows = await tables.selectFrom("role").selectAll().orderBy("name").execute()
  return rows.map(toRole)
}

const changed = () => [{ kind: "roles" }] as const

const make = Effect.gen(function* () {
  const { read, run } = yield* Database
  const announce = yield* announcing
  return RoleRepository.of({
    all: read(rolesIn),
    hold: run(async (tables) => {
      // A changed row is nobody else's to change until the unit ends, in every database.
      await tables
        .updateTable("access_turn")
        .set(({ eb }) => ({ taken: eb("taken", "+", 1) }))
        .execute()
      return rolesIn(tables)
    }),
    define: (name, grants) =>
      announce(
        run(async (tables) => {
          const permissions = grants.join(SEPARATOR)
          await tables
            .insertInto("role")
            .values({ name, permissions })
            .onConflict((conflict) => conflict.column("name").doUpdateSet({ permissions }))
            .execute()
        }),
        changed
      ),
    remove: (name) =>
      announce(
        run(async (tables) => {
          await tables.deleteFrom("role").where("name", "=", name).execute()
        }),
        changed
      )
  })
})

export const layer = Layer.effect(RoleRepository, make)
