import { Console, Effect, Option, Redacted, Stdio } from "effect"
import { Command, Flag } from "effect/cli"
import { inMemory, type Store } from "../../client/client.ts"
import { Email } from "../../domain/identity/Email.ts"
import { printable } from "../../domain/image/lsLine.ts"
import { isInTheClear } from "../../domain/network/serverUrl.ts"
import { Failed } from "../Failed.ts"
import { askEmail, askPassword, passwordFromInput } from "../readPassword.ts"
import { asking, clientOf, storeFor } from "./connection.ts"
import { neededServer, serverArgument } from "./serverParameters.ts"

const emailFlag = Flag.String("email").pipe(
  Flag.withDescription("The account's email address, if not to be asked for"),
  Flag.withSchema(Email),
  Flag.optional
)
const passwordStdinFlag = Flag.Boolean("password-stdin").pipe(
  Flag.withDescription("Take the password from standard input; needs --email"),
  Flag.withDefault(false)
)

/** Nobody is asked where nobody can answer. */
const someoneToAsk = Effect.gen(function* () {
  const { stdinIsTerminal } = yield* Stdio.Stdio
  if (yield* stdinIsTerminal) return
  return yield* new Failed({ message: "There is no terminal to ask on. Try: --email and --password-stdin" })
})

const credentials = Effect.fnUntraced(function* (email: Option.Option<string>, fromInput: boolean) {
  if (fromInput && Option.isSome(email)) return { email: email.value, password: yield* passwordFromInput }
  if (fromInput) return yield* new Failed({ message: "With --password-stdin the account is named by --email." })
  yield* someoneToAsk
  return { email: Option.isSome(email) ? email.value : yield* askEmail, password: yield* askPassword }
})

/** Closes the session that was kept before: nobody else knows its tokens. */
const closeFormer = (server: string, former: ReturnType<Store["load"]>) =>
  Effect.promise(async () => {
    if (former === undefined) return
    const store = inMemory()
    store.save(former)
    await clientOf(server, store).logout()
  })

export const login = Command.make(
  "login",
  { server: serverArgument, email: emailFlag, passwordStdin: passwordStdinFlag },
  ({ server, email, passwordStdin }) =>
    Effect.gen(function* () {
      const url = yield* neededServer(server)
      if (isInTheClear(url)) yield* Console.error(`What is sent to ${url} can be read on the way: it is not https.`)
      const { email: account, password } = yield* credentials(email, passwordStdin)
      const store = storeFor(url)
      const former = yield* asking(url, async () => store.load())
      const signIn = () => clientOf(url, store).signIn({ email: account, password: Redacted.value(password) })
      const user = yield* asking(url, signIn)
      yield* closeFormer(url, former)
      yield* Console.error(`${printable(user.email)} is logged in to ${url}.`)
    })
).pipe(Command.withDescription("Log in to a Keyhole server, to peek and carve with it"))
