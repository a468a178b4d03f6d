import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { grantRole } from "../domain/identity/grantRole.ts"
import { Application } from "./Application.ts"
import { inWords, naming } from "./Failed.ts"
import { operator } from "./operator.ts"
import { emailArgument, roleArgument } from "./parameters.ts"

export const grant = Command.make("grant", { email: emailArgument, role: roleArgument }, ({ email, role }) =>
  Effect.gen(function* () {
    const { accounts, databaseThere } = yield* Application
    yield* databaseThere
    const isNew = yield* Effect.provide(
      inWords(naming({ user: email, role }, grantRole(email, role, operator))),
      accounts
    )
    yield* Console.error(isNew ? `${email} has the role ${role} now.` : `${email} had the role ${role} already.`)
  })
).pipe(Command.withDescription("Give an account one more role"))
