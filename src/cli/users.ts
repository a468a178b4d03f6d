import { Command } from "effect/cli"
import { create } from "./usersCreate.ts"
import { grant } from "./usersGrant.ts"
import { list } from "./usersList.ts"

export const users = Command.make("users").pipe(
  Command.withDescription("Create accounts, give them roles, list them"),
  Command.withSubcommands([create, grant, list])
)
