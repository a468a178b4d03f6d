import { Command } from "effect/cli"
import { carve } from "./carve.ts"
import { completions } from "./completions.ts"
import { keys } from "./keys.ts"
import { migrate } from "./migrate.ts"
import { peek } from "./peek.ts"
import { serve } from "./serve.ts"
import { login } from "./server/login.ts"
import { logout } from "./server/logout.ts"
import { users } from "./users.ts"

const whole = (): Command.Command.Any => keyhole

export const keyhole = Command.make("keyhole").pipe(
  Command.withDescription("An authentication service with a keyhole into container registries"),
  Command.withSubcommands([serve, migrate, users, keys, peek, carve, login, logout, completions(whole)])
)
