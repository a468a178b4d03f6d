import { DateTime, Effect } from "effect"
import type { Selectable } from "kysely"
import type { KeyState } from "../../domain/key/Key.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { openSealed, SigningKeysUnusable } from "./sealedKey.ts"

type Row = Pick<Selectable<Tables["signing_key"]>, "kid" | "state" | "retires_at">

/** A row's state; one that is unknown stops the start. */
export const stateOf = ({ kid, state, retires_at }: Row): Effect.Effect<KeyState, SigningKeysUnusable> => {
  if (state === "next") return Effect.succeed({ _tag: "Next" })
  if (state === "current") return Effect.succeed({ _tag: "Current" })
  return state === "retiring" && retires_at !== null
    ? Effect.succeed({ _tag: "Retiring", until: DateTime.makeUnsafe(retires_at) })
    : Effect.fail(new SigningKeysUnusable({ message: `The signing key ${kid} has an unknown state.` }))
}

/** Every key there is, with its private half. */
export const readAll = Effect.gen(function* () {
  const { read } = yield* Database
  const rows = yield* read((tables) => tables.selectFrom("signing_key").selectAll().orderBy("created_at").execute())
  return yield* Effect.forEach(
    rows,
    Effect.fnUntraced(function* (row) {
      return yield* openSealed(row.kid, row.private_key, yield* stateOf(row))
    })
  )
})
