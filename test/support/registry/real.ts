import { spawn } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { hash } from "@node-rs/bcrypt"
import { Effect } from "effect"
import { command, ToolFailed } from "./command.ts"
import { type Image, writeLayout } from "./layout.ts"
import { temporaryFolder } from "../temporaryFolder.ts"
import { ISSUER, type Readers, SERVICE, type TokenServer, tokenServer } from "./tokenServer.ts"

interface RealRegistry {
  /** `127.0.0.1:port`, to be listed as private and insecure. */
  readonly host: string
  /** With token authentication, who grants the tokens. */
  readonly tokens: TokenServer | undefined
  /** Pushes an OCI layout, or anything else skopeo reads (`dir:…`, `oci:…`), under `repository:tag`. */
  readonly push: (source: string, name: string) => Effect.Effect<void, ToolFailed>
  /** Pushes an image made by hand. */
  readonly pushImage: (image: Image, name: string) => Effect.Effect<void, ToolFailed>
}

const COPY = "copy --quiet --insecure-policy --dest-tls-verify=false --preserve-digests".split(" ")

/** Who may read and write where a name and a password are asked for. */
export const ADA = "ada:correct horse"

interface Auth {
  readonly tokens?: TokenServer | undefined
  readonly htpasswd?: string | undefined
}

const configuration = (folder: string, { tokens, htpasswd }: Auth) => ({
  version: 0.1,
  log: { level: "info", accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: join(folder, "data") } },
  http: { addr: "127.0.0.1:0" },
  ...(htpasswd !== undefined && { auth: { htpasswd: { realm: "tests", path: htpasswd } } }),
  ...(tokens === undefined
    ? {}
    : {
        auth: { token: { realm: tokens.realm, service: SERVICE, issuer: ISSUER, rootcertbundle: tokens.certificate } }
      })
})

/** Starts the process and reads from its log where it listens. */
const serve = (file: string) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn("docker-registry", ["serve", file], { stdio: ["ignore", "ignore", "pipe"] })),
      (started) =>
        Effect.callback<void>((resume) => {
          if (started.exitCode !== null || !started.kill("SIGKILL")) return resume(Effect.void)
          started.once("exit", () => resume(Effect.void))
        })
    )
    return yield* Effect.callback<string, ToolFailed>((resume) => {
      const lines: Array<string> = []
      createInterface(child.stderr).on("line", (line) => {
        const [, host] = /listening on (127\.0\.0\.1:\d+)/u.exec(line) ?? []
        if (host !== undefined) resume(Effect.succeed(host))
        lines.push(line)
      })
      child.once("exit", () => resume(new ToolFailed({ reason: `docker-registry ended: ${lines.join("\n")}` })))
    })
  })

/** Debian's `docker-registry`, empty, on a free port of the loopback interface; gone when the scope closes. */
export const realRegistry = (options: { readonly auth?: "token" | "basic"; readonly readers?: Readers } = {}) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const tokens = options.auth === "token" ? yield* tokenServer(folder, options.readers) : undefined
    const htpasswd = options.auth === "basic" ? join(folder, "htpasswd") : undefined
    if (htpasswd !== undefined) {
      const [name = "", password = ""] = ADA.split(":")
      yield* Effect.promise(async () => writeFile(htpasswd, `${name}:${await hash(password, 4)}\n`))
    }
    const file = join(folder, "config.json")
    const settings = configuration(folder, { tokens, htpasswd })
    yield* Effect.promise(() => writeFile(file, JSON.stringify(settings)))
    const host = yield* serve(file)

    const pusher = tokens?.pusher ?? (htpasswd === undefined ? undefined : ADA)
    const push: RealRegistry["push"] = (source, name) =>
      command(
        "skopeo",
        ...COPY,
        ...(pusher === undefined ? ["--dest-no-creds"] : ["--dest-creds", pusher]),
        source,
        `docker://${host}/${name}`
      ).pipe(Effect.asVoid)

    const pushImage: RealRegistry["pushImage"] = (image, name) =>
      Effect.scoped(
        Effect.gen(function* () {
          const layout = yield* temporaryFolder
          yield* Effect.promise(() => writeLayout(layout, image))
          yield* push(`oci:${layout}`, name)
        })
      )

    return { host, tokens, push, pushImage } satisfies RealRegistry
  })
