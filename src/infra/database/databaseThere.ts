import { existsSync } from "node:fs"
import { Effect } from "effect"
import { DatabaseSettings } from "./DatabaseSettings.ts"
import { DatabaseUnusable } from "./DatabaseUnusable.ts"

/** Fails where opening the database would make a new one: who only wants to read has the wrong folder then. */
export const databaseThere = Effect.gen(function* () {
  const settings = yield* DatabaseSettings
  if (settings.kind === "sqlite" && !existsSync(settings.file)) {
    return yield* new DatabaseUnusable({
      message: `There is no database ${settings.file}: \`keyhole serve\` and \`keyhole migrate\` make one; KEYHOLE_DATA_DIR says where.`
    })
  }
})
