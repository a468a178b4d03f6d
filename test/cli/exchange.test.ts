import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { createServer, type ServerResponse } from "node:http"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { portOf } from "../support/registry/port.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { start } from "./keyhole.ts"

/** A server that was asked for new tokens and has not answered yet; nothing else it answers ever. */
const slowServer = Effect.gen(function* () {
  const asked = yield* Deferred.make<ServerResponse>()
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => createServer()),
    (made) => Effect.sync(() => made.close())
  )
  server.on("request", (request, response) => {
    if (request.url === "/auth/refresh") Effect.runSync(Deferred.succeed(asked, response))
  })
  return { asked, url: `http://127.0.0.1:${yield* portOf(server)}` }
})

describe("an exchange of tokens", () => {
  it.live(
    "is not lost when the command is interrupted: the old refresh token is worth nothing any more",
    () =>
      Effect.gen(function* () {
        const { asked, url } = yield* slowServer
        const config = yield* temporaryFolder
        const folder = join(config, "keyhole")
        const file = join(folder, `${encodeURIComponent(url)}.json`)
        const user = { email: "ada@example.com" }
        const old = { access_token: "old", refresh_token: "old", expires_at: 0, user }
        yield* Effect.promise(() => mkdir(folder))
        yield* Effect.promise(() => writeFile(file, JSON.stringify(old)))

        const { child, ended } = start(["peek", "alpine", "--server", url], { XDG_CONFIG_HOME: config })
        const ending = yield* Effect.forkChild(ended, { startImmediately: true })
        const response = yield* Deferred.await(asked)
        child.kill("SIGINT")
        const tokens = { access_token: "new", refresh_token: "new", expires_in: 1800, user }
        // The signal arrives before the answer does, or just after: it makes no difference.
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(tokens))
        expect(yield* Fiber.join(ending)).toEqual({ status: 130, stdout: "", stderr: "" })
        const kept = yield* Effect.promise(async () => JSON.parse(await readFile(file, "utf8")))
        expect(kept).toMatchObject({ access_token: "new", refresh_token: "new" })
        expect(yield* Effect.promise(() => readdir(folder))).toEqual([`${encodeURIComponent(url)}.json`])
      }),
    120_000
  )
})
