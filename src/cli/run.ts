import { Console, Effect, Layer } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag } from "effect/cli"
import { Ended, failed, tell } from "./Ended.ts"
import { keyhole } from "./keyhole.ts"
import { wrongUse } from "./wrongUse.ts"

const WRONG_USE = 2

/** Results go to standard output, and so does help that was asked for; whatever is said about wrong use is a message. */
const present: CliOutput.Presenter["present"] = (event) =>
  Effect.gen(function* () {
    const formatter = yield* CliOutput.Formatter
    if (event._tag === "Help" && event.reason === "Implicit") {
      return yield* Console.error(formatter.formatHelpDoc(event.helpDoc))
    }
    if (event._tag !== "InvalidInvocation") return yield* CliOutput.defaultPresenter.present(event)
    for (const error of event.errors) yield* tell(wrongUse(error))
    yield* Console.error(`Try: ${event.commandPath.join(" ")} --help`)
  })

const presentation = Layer.mergeAll(
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version] }),
  CliOutput.layerPresenter({ present })
)

/** Runs a command line. A failure is told on standard error and ends with 1, wrong use with 2. */
export const run = (args: ReadonlyArray<string>, version: string) =>
  Command.runWith(keyhole, { version })(args).pipe(
    Effect.provide(presentation),
    Effect.catch((error) =>
      CliError.isCliError(error) ? Effect.fail(new Ended({ status: WRONG_USE })) : failed(error)
    )
  )
