import { readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { ada, PASSWORD } from "../support/ada.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { IMAGE, world } from "../hostile/world.ts"
import { image } from "../support/registry/layout.ts"
import { rest } from "../support/rest.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { terminal } from "../support/terminal.ts"
import { until } from "../support/until.ts"
import { KEYHOLE, keyhole, start } from "./keyhole.ts"

const PATIENCE = 240_000
const pushed = image([
  gzipSync(
    tarball(
      { name: "etc/", type: "5", mode: 0o755 },
      { name: "etc/motd", content: "Welcome.\n", mtime: 1_700_000_000 },
      { name: Buffer.from("etc/caf\xe9", "latin1"), content: "x" },
      { name: "etc/link", type: "2", link: "motd" },
      { name: "etc/same", type: "1", link: "etc/motd" }
    )
  )
])

/** A server with Ada's account, a registry, and Ada's home, from which both can be reached. */
const there = Effect.gen(function* () {
  const { registry, url, token, end } = yield* world()
  registry.put(IMAGE, pushed)
  const config = yield* temporaryFolder
  const env = {
    XDG_CONFIG_HOME: config,
    KEYHOLE_REGISTRY_PRIVATE: registry.host,
    KEYHOLE_REGISTRY_INSECURE: registry.host
  }
  const folder = join(config, "keyhole")
  const file = join(folder, `${encodeURIComponent(url)}.json`)
  return {
    registry,
    url,
    end,
    env,
    folder,
    file,
    name: `${registry.host}/${IMAGE}`,
    logIn: keyhole(["login", url, "--email", ada.email, "--password-stdin"], env, `${PASSWORD}\n`),
    sessions: Effect.promise(() => rest(url).get("/sessions", token)).pipe(
      Effect.map(({ body }) => body.sessions.filter((one: { current: boolean }) => !one.current))
    ),
    events: Effect.promise(() => rest(url).get("/users/me/events?limit=100", token)).pipe(
      Effect.map(({ body }) => body.events.map(({ type }: { type: string }) => type))
    ),
    kept: Effect.promise(async () => JSON.parse(await readFile(file, "utf8"))),
    /** The access token that is kept is over, as far as the command can tell. */
    expire: Effect.promise(async () => {
      const kept = JSON.parse(await readFile(file, "utf8"))
      await writeFile(file, JSON.stringify({ ...kept, expires_at: 0 }))
    })
  }
})

const modeOf = (path: string) => Effect.promise(async () => ((await stat(path)).mode & 0o777).toString(8))

describe("keyhole --server", () => {
  it.live(
    "has the server look into images, and shows what a look of its own would",
    () =>
      Effect.gen(function* () {
        const { url, env, name, logIn, folder, file, sessions } = yield* there
        expect(yield* keyhole(["peek", name, "--server", url], env)).toEqual({
          status: 1,
          stdout: "",
          stderr: `keyhole: Nobody is logged in to ${url}. Try: keyhole login ${url}\n`
        })

        expect(yield* logIn).toEqual({ status: 0, stdout: "", stderr: `${ada.email} is logged in to ${url}.\n` })
        expect([yield* modeOf(folder), yield* modeOf(file)]).toEqual(["700", "600"])
        expect(yield* sessions).toMatchObject([{ kind: "token", device: expect.stringMatching(/^keyhole-cli on /u) }])

        const own = yield* keyhole(["peek", name], env)
        const asked = { ...env, KEYHOLE_SERVER: url }
        expect(own.stdout).toContain("/etc/motd\n")
        expect(yield* keyhole(["peek", name], asked)).toEqual(own)
        const json = (line: string) => ({ ...JSON.parse(line), elapsed_ms: 0, bytes_fetched: 0 })
        const args = ["peek", name, "--layer", "0", "--json"]
        expect(json((yield* keyhole(args, asked)).stdout)).toEqual(json((yield* keyhole(args, env)).stdout))
        expect(yield* keyhole(["carve", name, "/etc/link"], asked)).toEqual({
          status: 0,
          stdout: "Welcome.\n",
          stderr: ""
        })
        expect(yield* keyhole(["carve", name, "/etc/nothing"], asked)).toMatchObject({
          status: 1,
          stderr: "keyhole: There is no /etc/nothing\n"
        })
      }),
    PATIENCE
  )

  it.live(
    "exchanges its tokens once, however many commands need that at the same time, and nobody is logged out",
    () =>
      Effect.gen(function* () {
        const { url, env, name, logIn, expire, kept, events } = yield* there
        yield* logIn
        const before = yield* kept
        yield* expire
        const carve = keyhole(["carve", name, "/etc/motd", "--server", url], env)
        const all = yield* Effect.all([carve, carve, carve], { concurrency: "unbounded" })
        expect(all.map(({ status }) => status)).toEqual([0, 0, 0])
        expect((yield* events).filter((type: string) => type === "token.refreshed")).toHaveLength(1)
        expect((yield* kept).refresh_token).not.toBe(before.refresh_token)
        yield* expire
        expect(yield* carve).toMatchObject({ status: 0, stdout: "Welcome.\n" })
      }),
    PATIENCE
  )

  it.live(
    "logs out there and here: twice is fine, and so is a server that is not there any more",
    () =>
      Effect.gen(function* () {
        const { url, env, logIn, folder, sessions, end } = yield* there
        yield* logIn
        // Whoever logs in again leaves no session behind.
        yield* logIn
        expect(yield* sessions).toHaveLength(1)
        const logOut = keyhole(["logout", url], env)
        const names = Effect.promise(() => readdir(folder))
        expect(yield* logOut).toEqual({ status: 0, stdout: "", stderr: `${ada.email} is logged out of ${url}.\n` })
        expect(yield* sessions).toEqual([])
        expect(yield* names).toEqual([])
        expect(yield* logOut).toEqual({ status: 0, stdout: "", stderr: `Nobody was logged in to ${url}.\n` })

        yield* logIn
        yield* end
        const { status, stderr } = yield* logOut
        expect(status).toBe(0)
        expect(stderr).toMatch(/^The tokens for \S+ are gone from here\. The server did not say/u)
        expect(yield* names).toEqual([])
        expect(yield* keyhole(["login", url, "--email", ada.email, "--password-stdin"], env, PASSWORD)).toEqual({
          status: 1,
          stdout: "",
          stderr: `keyhole: ${url}: The service cannot be reached (ECONNREFUSED).\n`
        })
      }),
    PATIENCE
  )

  it.live(
    "ends what the server does for it when it is interrupted",
    () =>
      Effect.gen(function* () {
        const { url, env, name, logIn, registry } = yield* there
        yield* logIn
        const [layer] = pushed.layers
        for (const args of [
          ["peek", name],
          ["carve", name, "/etc/motd"]
        ]) {
          const reached = yield* Deferred.make<void>()
          registry.on(
            layer?.digest ?? "",
            (_request, response) => {
              response.writeHead(200, { "Content-Length": layer?.size })
              response.write(layer?.bytes.subarray(0, 20), () => Effect.runSync(Deferred.succeed(reached, undefined)))
            },
            1
          )
          const { child, ended } = start([...args, "--server", url], env)
          const ending = yield* Effect.forkChild(ended, { startImmediately: true })
          yield* Deferred.await(reached)
          child.kill("SIGINT")
          expect(yield* Fiber.join(ending)).toEqual({ status: 130, stdout: "", stderr: "" })
          yield* Effect.promise(() => until(() => registry.connections.size === 0, 20_000))
        }
      }),
    PATIENCE
  )

  it.live(
    "asks for email and password in a terminal, and shows nothing of the password",
    () =>
      Effect.gen(function* () {
        const { url, env, kept } = yield* there
        const here = yield* terminal({ env })
        yield* here.enter(`${KEYHOLE} login ${url}; echo ended with $?`)
        yield* here.seen(/^Email:/mu)
        yield* here.enter(ada.email)
        yield* here.seen(/^Password:/mu)
        yield* here.enter(PASSWORD)
        const after = yield* here.seen(/^ended with \d$/mu)
        expect(after.split("\n").slice(-5)).toEqual([
          `Email: ${ada.email}`,
          "Password:",
          `${ada.email} is logged in to ${url}.`,
          "ended with 0",
          "$"
        ])
        expect(yield* kept).toMatchObject({ user: { email: ada.email } })
      }),
    PATIENCE
  )
})
