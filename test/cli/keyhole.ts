import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"

export const KEYHOLE = fileURLToPath(new URL("../../bin/keyhole", import.meta.url))

export interface Run {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

/** Starts a program as a process of its own; at home there is nothing of whoever runs the tests. */
export const command = (
  program: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  input = ""
) => {
  const child = spawn(program, args, { env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env } })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk
  })
  child.stdin.on("error", () => undefined).end(input)
  const ended = Effect.callback<Run>((resume) => {
    child.on("close", (code, signal) => resume(Effect.succeed({ status: signal ?? code ?? 0, stdout, stderr })))
  })
  return { child, ended }
}

/** Starts a command line as people do. */
export const start = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>, input?: string) =>
  command(KEYHOLE, args, env, input)

/** Runs a command line to its end. */
export const keyhole = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}, input?: string) =>
  Effect.suspend(() => start(args, env, input).ended)
