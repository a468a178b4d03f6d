import { spawn } from "node:child_process"
import { Duration, Effect, Option, Redacted, Result, Schema } from "effect"
import { decodeJson } from "../../domain/registry/json.ts"
import { credentialOf, type RegistryCredential } from "../../domain/registry/RegistryCredentials.ts"
import { LoginUnusable } from "./LoginUnusable.ts"

const LONGEST = 64 * 1024

/** What every helper says, on standard output, of a server it knows nothing of (docker-credential-helpers, `credentials/error.go`). */
const NOT_FOUND = "credentials not found in native keychain"

const Answer = Schema.Struct({ Username: Schema.String, Secret: Schema.String })

/** A helper's name becomes a program's: nothing of it may lead to another folder. */
const NAME = /^[a-zA-Z0-9_][\w.+-]*$/u

interface Ended {
  readonly status: number | null
  readonly output: Buffer
}

/** Runs a program without a shell, its complaints on our standard error, and ends it when nobody waits for it any more. */
const run = (program: string, server: string) =>
  Effect.callback<Ended, string>((resume) => {
    const child = spawn(program, ["get"], { stdio: ["pipe", "pipe", "inherit"] })
    // A script's own children may live on: they are not to be heard any more.
    const end = () => {
      child.stdout.destroy()
      child.kill("SIGKILL")
    }
    const chunks: Array<Buffer> = []
    let length = 0
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length
      if (length > LONGEST) end()
      else chunks.push(chunk)
    })
    child.on("error", (error) =>
      resume(Effect.fail("code" in error && error.code === "ENOENT" ? "is not on the PATH" : "cannot be started"))
    )
    child.on("close", (status) => resume(Effect.succeed({ status, output: Buffer.concat(chunks) })))
    child.stdin.on("error", () => undefined).end(server)
    return Effect.sync(end)
  })

/** A keyring may ask its owner to unlock it. */
const PATIENCE = Duration.seconds(60)

/**
 * Asks the program `docker-credential-NAME`, which a file names, for what it keeps for a server: the protocol of
 * docker-credential-helpers.
 */
export const askHelper = Effect.fnUntraced(function* (
  { name, file }: { readonly name: string; readonly file: string },
  server: string,
  patience: Duration.Duration = PATIENCE
) {
  const program = `docker-credential-${name}`
  const unusable = (why: string) => new LoginUnusable({ message: `${program}, which ${file} names, ${why}.` })
  if (!NAME.test(name)) {
    return yield* new LoginUnusable({ message: `${file} names a credential helper that cannot be one.` })
  }
  const { status, output } = yield* run(program, server).pipe(
    Effect.timeoutOrElse({
      duration: patience,
      orElse: () => Effect.fail(`did not answer within ${Duration.format(patience)}`)
    }),
    Effect.mapError(unusable)
  )
  if (status !== 0) {
    if (output.toString().trim() === NOT_FOUND) return Option.none<RegistryCredential>()
    return yield* unusable(`failed for ${server}`)
  }
  const answer = Result.flatMap(decodeJson(output), Schema.decodeUnknownResult(Answer))
  if (Result.isFailure(answer)) return yield* unusable(`gave no credentials for ${server}, and did not say why`)
  const { Username, Secret } = answer.success
  return Option.some(credentialOf({ username: Username, password: Redacted.make(Secret) }))
})
