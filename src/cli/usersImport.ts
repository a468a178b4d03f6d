import { readFile } from "node:fs/promises"
import { Console, Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { ImportRefused, importUsers } from "../domain/identity/importUsers.ts"
import { printable } from "../domain/image/lsLine.ts"
import { Application } from "./Application.ts"
import { codeOf } from "./codeOf.ts"
import { Failed, inWords } from "./Failed.ts"
import { readImmigrants } from "./immigrants.ts"
import { operator } from "./operator.ts"

const fileArgument = Argument.String("file").pipe(
  Argument.withDescription("A JSON object a line: email, password_hash, name?, roles?")
)

const read = (file: string) =>
  Effect.tryPromise({
    try: async () => new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)),
    catch: (error) => new Failed({ message: `${file} cannot be read as UTF-8 text (${codeOf(error)}).` })
  })

/** Every line that is in the way; what is in the file is a stranger's. */
const refusal = ({ faults }: ImportRefused) =>
  new Failed({
    message: [...faults.map(({ line, reason }) => printable(`line ${line}: ${reason}`)), "Nothing was imported."].join(
      "\n"
    )
  })

export const importAccounts = Command.make("import", { file: fileArgument }, ({ file }) =>
  Effect.gen(function* () {
    const { accounts } = yield* Application
    const text = yield* read(file)
    const imported = Effect.fromResult(readImmigrants(text)).pipe(
      Effect.mapError((faults) => new ImportRefused({ faults })),
      Effect.flatMap((immigrants) => importUsers(immigrants, operator)),
      Effect.catchTag("ImportRefused", (refused) => Effect.fail(refusal(refused)))
    )
    const count = yield* Effect.provide(inWords(imported), accounts)
    yield* Console.error(`${count} ${count === 1 ? "account was" : "accounts were"} imported.`)
  })
).pipe(Command.withDescription("Import accounts with their argon2 or bcrypt hashes, all or none"))
