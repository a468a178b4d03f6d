import { Command } from "effect/cli"
import { list } from "./keysList.ts"
import { rotate } from "./keysRotate.ts"

export const keys = Command.make("keys").pipe(
  Command.withDescription("Rotate the signing keys, list them"),
  Command.withSubcommands([rotate, list])
)
