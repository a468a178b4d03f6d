import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { Effect, Schema } from "effect"

const run = promisify(execFile)

/** A tool that tests need is missing or failed; `reason` says what to do. */
export class ToolFailed extends Schema.TaggedError<ToolFailed>()("ToolFailed", { reason: Schema.String }) {}

const output = (error: unknown): string =>
  error instanceof Error && "stderr" in error ? `${error.message}\n${String(error.stderr)}` : String(error)

/** Runs a program to its end and gives what it printed. */
export const command = (program: string, ...args: ReadonlyArray<string>): Effect.Effect<string, ToolFailed> =>
  Effect.tryPromise({
    try: (signal) => run(program, args, { signal, maxBuffer: 64 * 1024 * 1024 }),
    catch: (error) => new ToolFailed({ reason: `${program} failed: ${output(error)}` })
  }).pipe(Effect.map(({ stdout }) => stdout))

const PACKAGES = ["docker-registry", "skopeo", "umoci", "curl", "openssl", "tmux", "zsh", "fish"]

const isThere = (program: string) =>
  command("sh", "-c", `command -v ${program}`).pipe(
    Effect.as(true),
    Effect.catch(() => Effect.succeed(false))
  )

const missing = Effect.filter(PACKAGES, (program) => Effect.map(isThere(program), (there) => !there))

/**
 * Makes sure of Debian's registry, the tools that push to it, curl for the README, openssl for certificates, tmux for a
 * terminal and the shells that complete command lines: found on PATH, or installed when we may.
 */
export const registryTools: Effect.Effect<void, ToolFailed> = Effect.gen(function* () {
  if ((yield* missing).length === 0) return
  if (process.getuid?.() === 0) {
    yield* command("apt-get", "update").pipe(Effect.ignore)
    yield* command("apt-get", "install", "-y", "--no-install-recommends", ...PACKAGES).pipe(Effect.ignore)
  }
  const still = yield* missing
  if (still.length === 0) return
  return yield* new ToolFailed({
    reason: `These tests need ${still.join(", ")} on PATH. On Debian: apt-get install ${PACKAGES.join(" ")}`
  })
})
