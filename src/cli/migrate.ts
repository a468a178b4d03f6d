import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { Application } from "./Application.ts"

export const migrate = Command.make("migrate", {}, () =>
  Effect.gen(function* () {
    const application = yield* Application
    yield* application.migrate
    yield* Console.error("The database is up to date.")
  })
).pipe(Command.withDescription("Bring the database's schema up to date, as serve does"))
