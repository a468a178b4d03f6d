import { Effect } from "effect"
import { Database } from "../../../src/infra/database/Database.ts"
import { atPlace } from "../../support/database.ts"

// A process that opens the database it is told, and writes a line to it.
const [place = "", key = ""] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const { run } = yield* Database
  yield* run((tables) => tables.insertInto("token_entry").values({ key, value: "", expires_at: 0 }).execute())
})

await Effect.runPromise(Effect.provide(program, atPlace(place)))
