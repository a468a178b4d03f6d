import { DateTime, Effect, Stream } from "effect"
import { Command } from "effect/cli"
import type { User } from "../domain/identity/User.ts"
import { listUsers } from "../domain/identity/listUsers.ts"
import { Application } from "./Application.ts"
import { inWords } from "./Failed.ts"
import { printLines } from "./output.ts"

/** Tab-separated, for eyes and `cut` alike. */
const line = (user: User): string =>
  [
    user.email,
    user.roles.join(","),
    user.disabled ? "disabled" : "enabled",
    DateTime.formatIso(user.createdAt),
    user.lastLoginAt === null ? "never" : DateTime.formatIso(user.lastLoginAt),
    user.id
  ].join("\t")

export const list = Command.make("list", {}, () =>
  Effect.gen(function* () {
    const { accounts, databaseThere } = yield* Application
    yield* databaseThere
    yield* Effect.provide(inWords(printLines(Stream.map(listUsers, line))), accounts)
  })
).pipe(Command.withDescription("List the accounts: email, roles, state, created, last sign-in, id"))
