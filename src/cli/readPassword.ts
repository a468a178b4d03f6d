import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import { Effect, Redacted, Schema, Stdio, Stream } from "effect"
import { Email } from "../domain/identity/Email.ts"
import { Failed } from "./Failed.ts"

const LONGEST = 65_536

/** Asks on the terminal, on standard error, and shows of a secret answer nothing. */
const ask = (question: string, what: string, secret: boolean) =>
  Effect.callback<string, Failed>((resume) => {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    const output = secret ? nowhere : process.stderr
    const terminal = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 })
    const newLine = () => process.stderr.write("\n")
    const closed = () => {
      newLine()
      resume(Effect.fail(new Failed({ message: `No ${what} was given.` })))
    }
    const end = (answer: Effect.Effect<string, Failed>) => {
      // Its own listeners stay: with them it lets go of the keys that are pressed from now on.
      terminal.off("close", closed)
      terminal.close()
      resume(answer)
    }
    terminal.once("line", (line) => {
      if (secret) newLine()
      end(Effect.succeed(line))
    })
    terminal.once("SIGINT", () => {
      newLine()
      end(Effect.interrupt)
    })
    terminal.once("close", closed)
    if (secret) process.stderr.write(question)
    else {
      terminal.setPrompt(question)
      terminal.prompt()
    }
    return Effect.sync(() => terminal.close())
  })

const askSecret = (question: string) => ask(question, "password", true)

const given = (password: string) =>
  password === ""
    ? Effect.fail(new Failed({ message: "No password was given." }))
    : Effect.succeed(Redacted.make(password))

const fromTerminal = Effect.gen(function* () {
  const password = yield* askSecret("Password: ")
  if ((yield* askSecret("The same again: ")) === password) return password
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

/** A password for an account, from the terminal or, when there is none, from standard input. */
export const readPassword = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  return yield* given(yield* (yield* stdio.stdinIsTerminal) ? fromTerminal : fromInput)
})

/** The password that an account has. */
export const askPassword = Effect.flatMap(askSecret("Password: "), given)

export const passwordFromInput = Effect.flatMap(fromInput, given)

export const askEmail = Effect.gen(function* () {
  const text = yield* ask("Email: ", "email address", false)
  return yield* Schema.decodeUnknownEffect(Email)(text.trim()).pipe(
    Effect.mapError(() => new Failed({ message: "That is no email address." }))
  )
})
