import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import { Effect, Redacted, Stdio, Stream } from "effect"
import { Failed } from "./Failed.ts"

const LONGEST = 65_536

/** Asks on the terminal, on standard error, and shows nothing of the answer. */
const ask = (question: string) =>
  Effect.callback<string, Failed>((resume) => {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
    const end = (answer: Effect.Effect<string, Failed>) => {
      terminal.removeAllListeners()
      terminal.close()
      process.stderr.write("\n")
      resume(answer)
    }
    terminal.once("line", (line) => end(Effect.succeed(line)))
    terminal.once("SIGINT", () => end(Effect.interrupt))
    terminal.once("close", () => end(Effect.fail(new Failed({ message: "No password was given." }))))
    process.stderr.write(question)
    return Effect.sync(() => terminal.close())
  })

const fromTerminal = Effect.gen(function* () {
  const password = yield* ask("Password: ")
  if ((yield* ask("The same again: ")) === password) return password
  return yield* new Failed({ message: "The two passwords differ." })
})

/** All of standard input but the line break at its end. */
const fromInput = Effect.gen(function* () {
  const { stdin } = yield* Stdio.Stdio
  const unusable = () => new Failed({ message: "Standard input does not hold a password." })
  const bounded = Stream.limitBytes(Stream.mapError(stdin, unusable), LONGEST, () => Stream.fail(unusable()))
  const bytes = yield* Stream.mkUint8Array(bounded)
  const text = yield* Effect.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    catch: unusable
  })
  return text.replace(/\r?\n$/u, "")
})

/** The password for an account, from the terminal or, when there is none, from standard input. */
export const readPassword = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  const password = yield* (yield* stdio.stdinIsTerminal) ? fromTerminal : fromInput
  return password === "" ? yield* new Failed({ message: "No password was given." }) : Redacted.make(password)
})
