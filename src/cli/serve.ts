import { Effect } from "effect"
import { Command } from "effect/cli"
import { Application } from "./Application.ts"

export const serve = Command.make("serve", {}, () =>
  Effect.flatMap(Application, (application) => application.serve)
).pipe(Command.withDescription("Serve until told to stop; README.md lists the settings"))
