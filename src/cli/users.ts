import { Command } from "effect/cli"
import { create } from "./usersCreate.ts"
import { grant } from "./usersGrant.ts"
import { importAccounts } from "./usersImport.ts"
import { list } from "./usersList.ts"

export const users = Command.make("users").pipe(
  Command.withDescription("Create accounts, import them, give them roles, list them"),
  Command.withSubcommands([create, importAccounts, grant, list])
)
