import { DateTime, Effect, Stdio, Stream } from "effect"
import { Command } from "effect/cli"
import type { User } from "../domain/identity/User.ts"
import { listUsers } from "../domain/identity/listUsers.ts"
import { Application } from "./Application.ts"
import { inWords } from "./Failed.ts"
import { printLines } from "./output.ts"
import { table } from "./table.ts"

const HEAD = ["EMAIL", "ROLES", "STATE", "CREATED", "LAST SIGN-IN", "ID"]

const rowOf = (user: User): ReadonlyArray<string> => [
  user.email,
  user.roles.join(","),
  user.disabled ? "disabled" : "enabled",
  DateTime.formatIso(user.createdAt),
  user.lastLoginAt === null ? "never" : DateTime.formatIso(user.lastLoginAt),
  user.id
]

/** For eyes a table with a head, for `cut` the same without one, its columns apart by tabs. */
const linesOf = <E, R>(rows: Stream.Stream<ReadonlyArray<string>, E, R>, forEyes: boolean) =>
  forEyes
    ? Stream.fromIterableEffect(Effect.map(Stream.runCollect(rows), (all) => table([HEAD, ...all])))
    : Stream.map(rows, (row) => row.join("\t"))

export const list = Command.make("list", {}, () =>
  Effect.gen(function* () {
    const { accounts, databaseThere } = yield* Application
    yield* databaseThere
    const { stdoutIsTerminal } = yield* Stdio.Stdio
    const lines = linesOf(Stream.map(listUsers, rowOf), yield* stdoutIsTerminal)
    yield* Effect.provide(inWords(printLines(lines)), accounts)
  })
).pipe(Command.withDescription("List the accounts: email, roles, state, created, last sign-in, id"))
