import { Effect, Option } from "effect"
import { Argument, Flag } from "effect/cli"
import { parseServerUrl } from "../../domain/network/serverUrl.ts"
import { Application } from "../Application.ts"
import { Failed } from "../Failed.ts"
import { accept } from "../parameters.ts"

export const serverFlag = Flag.String("server").pipe(
  Flag.withMetavar("url"),
  Flag.withDescription("Have this Keyhole server look; or KEYHOLE_SERVER"),
  Flag.mapEffect(accept("flag", "server", parseServerUrl)),
  Flag.optional
)

export const serverArgument = Argument.String("url").pipe(
  Argument.withDescription("The server's address; by default KEYHOLE_SERVER"),
  Argument.mapEffect(accept("argument", "url", parseServerUrl)),
  Argument.optional
)

/** The server that was named here or is named for all commands, if any. */
export const chosenServer = (named: Option.Option<string>) =>
  Effect.gen(function* () {
    if (Option.isSome(named)) return named
    const { server } = yield* Application
    return yield* server
  })

/** The same where there has to be one. */
export const neededServer = (named: Option.Option<string>) =>
  Effect.flatMap(
    chosenServer(named),
    Option.match({
      onNone: () => Effect.fail(new Failed({ message: "Which server? Name it, or set KEYHOLE_SERVER." })),
      onSome: Effect.succeed
    })
  )
