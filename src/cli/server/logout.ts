import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { printable } from "../../domain/image/lsLine.ts"
import { asking, clientOf, storeFor } from "./connection.ts"
import { neededServer, serverArgument } from "./serverParameters.ts"

export const logout = Command.make("logout", { server: serverArgument }, ({ server }) =>
  Effect.gen(function* () {
    const url = yield* neededServer(server)
    const store = storeFor(url)
    const kept = yield* asking(url, async () => store.load())
    // What cannot be read as tokens goes too.
    const { revoked } = yield* asking(url, clientOf(url, store).logout)
    if (kept === undefined) return yield* Console.error(`Nobody was logged in to ${url}.`)
    yield* Console.error(
      revoked
        ? `${printable(kept.user.email)} is logged out of ${url}.`
        : `The tokens for ${url} are gone from here. The server did not say that it closed the session: until it ends by itself, it can be ended in the list of sessions.`
    )
  })
).pipe(Command.withDescription("Log out of a Keyhole server, whatever it answers"))
