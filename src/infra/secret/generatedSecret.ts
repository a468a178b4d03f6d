import { randomBytes } from "node:crypto"
import { link, open, readFile, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Redacted } from "effect"
import { makeFolder } from "../makeFolder.ts"
import { MasterSecretUnusable } from "./MasterSecretUnusable.ts"

const BYTES = 32
const OWNER_ONLY = 0o600
const ANYBODY_ELSE = 0o077

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

/** Written whole, or not at all: the text is durable under another name before it gets its own. */
const create = async (path: string): Promise<void> => {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`
  try {
    const file = await open(temporary, "wx", OWNER_ONLY)
    try {
      await file.writeFile(`${randomBytes(BYTES).toString("base64url")}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    // A link never replaces what is there: of two processes that start at once, the second one gets the first one's secret.
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, "r")
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

const permissions = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

/** The secret of an installation that was given none: made once, kept in the data directory, readable by its owner alone. */
export const generatedSecret = (dataDirectory: string) => {
  const path = join(dataDirectory, "secret")
  const attempt = <A>(what: string, run: () => Promise<A>) =>
    Effect.tryPromise({
      try: run,
      catch: (error) => {
        const reason = codeOf(error) ?? "unknown error"
        return new MasterSecretUnusable({ message: `The generated secret ${path} cannot be ${what} (${reason}).` })
      }
    })
  const read = Effect.gen(function* () {
    if ((yield* attempt("read", () => permissions(path))) === undefined) {
      yield* attempt("written", async () => {
        makeFolder(dataDirectory)
        await create(path)
        await syncDirectory(dataDirectory)
      })
    }
    const mode = yield* attempt("read", () => permissions(path))
    if (mode !== undefined && (mode & ANYBODY_ELSE) !== 0) {
      return yield* new MasterSecretUnusable({
        message: `The generated secret ${path} can be read by others (mode ${mode.toString(8)}); make it yours alone: chmod 600 ${path}`
      })
    }
    return Redacted.make((yield* attempt("read", () => readFile(path, "utf8"))).trimEnd())
  })
  return { path, read }
}
