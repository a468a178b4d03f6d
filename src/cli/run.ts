import { Console, Data, Effect, Layer, Runtime } from "effect"
import { CliConfig, CliError, CliOutput, Command, GlobalFlag } from "effect/cli"
import { keyhole } from "./keyhole.ts"
import { wrongUse } from "./wrongUse.ts"

const FAILED = 1
const WRONG_USE = 2

/** The end of a run that did not succeed; it was told to the user already. */
class Ended extends Data.TaggedError("Ended")<{ readonly status: number }> {
  override readonly [Runtime.errorReported] = false
  override readonly [Runtime.errorExitCode] = this.status
}

/** Says what went wrong, each line of it as ours. */
const tell = (message: string) => Console.error(message.replaceAll(/^/gmu, "keyhole: "))

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
      CliError.isCliError(error)
        ? Effect.fail(new Ended({ status: WRONG_USE }))
        : Effect.andThen(tell(error.message), Effect.fail(new Ended({ status: FAILED })))
    )
  )
