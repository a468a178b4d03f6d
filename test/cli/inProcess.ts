import { NodeServices } from "@effect/platform-node"
import { Effect, Exit, Layer, Option, Sink, Stdio, Stream } from "effect"
import { TestConsole } from "effect/testing"
import { type Accounts, Application, type Images, type Keys, type StartFailure } from "../../src/cli/Application.ts"
import { Spool } from "../../src/http/listing/Spool.ts"
import { run } from "../../src/cli/run.ts"

const failing: StartFailure = { message: "PORT must be a whole number." }

/** Nothing of it can be started. */
export const unstartable: Application["Service"] = {
  serve: Effect.fail(failing),
  migrate: Effect.fail(failing),
  databaseThere: Effect.void,
  accounts: Layer.effectContext<Accounts, StartFailure, never>(Effect.fail(failing)),
  keys: Layer.effectContext<Keys, StartFailure, never>(Effect.fail(failing)),
  images: Layer.effectContext<Images, StartFailure, never>(Effect.fail(failing)),
  credentialsFor: () => Effect.fail(failing),
  server: Effect.succeed(Option.none()),
  describe: (error) => error._tag,
  document: (entry) => entry.path,
  spool: (order) => new Spool(order)
}

/** What a command line prints, and how it ends, without a process of its own. */
export const used = (line: string, { application = unstartable, input = "" } = {}) =>
  Effect.gen(function* () {
    const written: Array<string> = []
    const stdio = Stdio.layerTest({
      stdin: Stream.make(new TextEncoder().encode(input)),
      stdinIsTerminal: Effect.succeed(false),
      stdout: () => Sink.forEach((chunk) => Effect.sync(() => written.push(String(chunk))))
    })
    const words = line.split(" ").filter((word) => word !== "")
    return yield* Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.flip(run(words, "1.2.3")))
      return {
        status: Exit.isSuccess(exit) ? exit.value.status : 0,
        stdout: written.join("") + (yield* TestConsole.logLines).join("\n"),
        stderr: (yield* TestConsole.errorLines).join("\n")
      }
    }).pipe(
      Effect.provideService(Application, application),
      Effect.provide(stdio),
      Effect.provide([NodeServices.layer, Layer.fresh(TestConsole.layer)])
    )
  })
