import { spawn } from "node:child_process"
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { layer, MasterSecret } from "../../../src/infra/secret/MasterSecret.ts"
import { MasterSecretSettings } from "../../../src/infra/secret/MasterSecretSettings.ts"

const directory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "keyhole-secret-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

const secretIn = (dataDirectory: string, given?: string) =>
  MasterSecret.pipe(
    Effect.map(({ bytes }) => new TextDecoder().decode(Redacted.value(bytes))),
    Effect.provide(layer),
    Effect.provideService(MasterSecretSettings, {
      dataDirectory,
      given: Option.map(Option.fromUndefinedOr(given), Redacted.make)
    })
  )

const sourceOf = (name: string) => new URL(`../../../src/infra/secret/${name}.ts`, import.meta.url).href

/** What another process finds or makes in the directory. */
const inAnotherProcess = (path: string) =>
  Effect.callback<string>((resume) => {
    const program = `
      import { Effect, Redacted } from "effect"
      import { generatedSecret } from ${JSON.stringify(sourceOf("generatedSecret"))}
      process.stdout.write(Redacted.value(await Effect.runPromise(generatedSecret(process.argv[1]).read)))
    `
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", program, path], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    let output = ""
    child.stdout.on("data", (chunk) => {
      output += String(chunk)
    })
    child.on("close", () => resume(Effect.succeed(output)))
  })

describe("MasterSecret", () => {
  it.live("is made once, for its owner's eyes alone, and is the same at the next start", () =>
    Effect.gen(function* () {
      const path = join(yield* directory, "data")
      const first = yield* secretIn(path)
      expect(first.length).toBeGreaterThanOrEqual(32)
      expect((yield* Effect.promise(() => stat(join(path, "secret")))).mode & 0o777).toBe(0o600)
      expect(yield* secretIn(path)).toBe(first)
      expect(yield* Effect.promise(() => readdir(path))).toEqual(["secret"])
    })
  )

  it.live("is one and the same for processes that start at once", () =>
    Effect.gen(function* () {
      const path = join(yield* directory, "data")
      const secrets = yield* Effect.all(
        [1, 2, 3, 4].map(() => inAnotherProcess(path)),
        { concurrency: "unbounded" }
      )
      expect(secrets[0]).toMatch(/^[\w-]{43}$/u)
      expect(new Set(secrets).size).toBe(1)
      expect(yield* Effect.promise(() => readdir(path))).toEqual(["secret"])
    })
  )

  it.live("given by the operator, leaves nothing on the disk", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const given = "0123456789abcdef0123456789abcdef"
      expect(yield* secretIn(path, given)).toBe(given)
      expect(yield* Effect.promise(() => readdir(path))).toEqual([])
    })
  )

  it.live("stops the start when it is too short or repeats itself, saying so and not what it is", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const given = yield* Effect.flip(secretIn(path, "too short"))
      const repeated = yield* Effect.flip(secretIn(path, "secret".repeat(10)))
      expect(repeated.message).toBe("KEYHOLE_SECRET repeats a few characters.")
      expect(given.message).toBe("KEYHOLE_SECRET has fewer than 32 bytes.")
      yield* Effect.promise(() => writeFile(join(path, "secret"), "also short\n", { mode: 0o600 }))
      expect((yield* Effect.flip(secretIn(path))).message).toBe(
        `The generated secret ${path}/secret has fewer than 32 bytes.`
      )
    })
  )

  it.live("stops the start when others may read it, and is left as it is", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const file = join(path, "secret")
      const secret = yield* secretIn(path)
      yield* Effect.promise(() => chmod(file, 0o640))
      expect((yield* Effect.flip(secretIn(path))).message).toContain(
        `mode 640); make it yours alone: chmod 600 ${file}`
      )
      expect(yield* Effect.promise(() => readFile(file, "utf8"))).toBe(`${secret}\n`)
    })
  )

  it.live("stops the start when the data directory cannot be written", () =>
    Effect.gen(function* () {
      const file = join(yield* directory, "a-file")
      yield* Effect.promise(() => writeFile(file, ""))
      expect((yield* Effect.flip(secretIn(file))).message).toBe(
        `The generated secret ${file}/secret cannot be read (ENOTDIR).`
      )
    })
  )
})
