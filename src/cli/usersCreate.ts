import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { createUser } from "../domain/identity/createUser.ts"
import { Application } from "./Application.ts"
import { inWords, naming } from "./Failed.ts"
import { operator } from "./operator.ts"
import { emailArgument, roleFlag } from "./parameters.ts"
import { readPassword } from "./readPassword.ts"

export const create = Command.make("create", { email: emailArgument, role: roleFlag }, ({ email, role }) =>
  Effect.gen(function* () {
    const { accounts } = yield* Application
    const password = yield* readPassword
    const user = yield* Effect.provide(
      inWords(naming({ user: email, role }, createUser({ email, password, role }, operator))),
      accounts
    )
    yield* Console.log(user.id)
    yield* Console.error(`${user.email} can sign in, as ${user.roles.join(", ")}.`)
  })
).pipe(Command.withDescription("Create an account; the password is asked for, or standard input"))
