import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { concat, endMarker, member } from "../domain/image/support/tarball.ts"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { until } from "../support/until.ts"
import { command, KEYHOLE, keyhole, start } from "./keyhole.ts"

const MOTD = "Welcome.\n"
const archive = (...members: ReadonlyArray<Uint8Array>) => new Uint8Array(gzipSync(concat(...members, endMarker)))
const directory = (name: string) => member({ name, type: "5", mode: 0o755 })

const lower = archive(
  directory("etc/"),
  member({ name: "etc/motd", content: "Old.\n" }),
  member({ name: "etc/gone", content: "x" }),
  member({ name: "etc/link", type: "2", link: "motd" })
)
const upper = archive(member({ name: "etc/motd", content: MOTD }), member({ name: "etc/.wh.gone" }))

/** A registry with one image, the settings that let it be reached, and a folder to write to. */
const world = Effect.gen(function* () {
  const registry = yield* fakeRegistry({ auth: "bearer" })
  const made = image([lower, upper])
  registry.put("team/app", made)
  const folder = yield* temporaryFolder
  const env = {
    KEYHOLE_DATA_DIR: join(folder, "data"),
    KEYHOLE_REGISTRY_PRIVATE: registry.host,
    KEYHOLE_REGISTRY_INSECURE: registry.host
  }
  const files = join(folder, "files")
  yield* Effect.promise(() => mkdir(files))
  return { registry, env, files, name: `${registry.host}/team/app`, made }
})

const namesIn = (folder: string) => Effect.promise(() => readdir(folder))
const text = (path: string) => Effect.promise(() => readFile(path, "utf8"))

describe("keyhole peek", () => {
  it.live("lists the image as ls does, merged, or one layer of it, or one subtree", () =>
    Effect.gen(function* () {
      const { name, env } = yield* world
      const whole = yield* keyhole(["peek", name], env)
      expect(whole).toMatchObject({ status: 0, stderr: "" })
      const lines = whole.stdout.trimEnd().split("\n")
      expect(lines.map((line) => line.replace(/^.*:\d\d /u, "")).toSorted()).toEqual([
        "/etc",
        "/etc/link -> motd",
        "/etc/motd"
      ])
      expect(lines).toContainEqual(expect.stringMatching(/^-rw-r--r-- 1 1000 +1000 +9 1970-01-01 00:00 \/etc\/motd$/u))
      const layer = yield* keyhole(["peek", name, "--layer", "1", "--path", "/etc/gone"], env)
      expect(layer.stdout).toMatch(/^.* \/etc\/gone \(deleted\)\n$/u)
    })
  )

  it.live("says on standard error when nothing is at a path: an empty listing could mean many things", () =>
    Effect.gen(function* () {
      const { name, env } = yield* world
      expect(yield* keyhole(["peek", name, "--path", "/etc/mtod"], env)).toEqual({
        status: 0,
        stdout: "",
        stderr: "Nothing is at /etc/mtod or below it; links are not followed here.\n"
      })
    })
  )

  it.live("prints the API's document with --json", () =>
    Effect.gen(function* () {
      const { name, env, made } = yield* world
      const { status, stdout } = yield* keyhole(["peek", name, "--json", "--path", "/etc/motd"], env)
      expect(status).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        digest: made.manifest.digest,
        complete: true,
        entries: [{ path: "/etc/motd", type: "file", size: 9, layer: 1 }],
        bytes_fetched: made.config.size + lower.length + upper.length
      })
    })
  )

  it.live("colours names where that is asked for, and only then in a pipe", () =>
    Effect.gen(function* () {
      const { name, env } = yield* world
      const { stdout } = yield* keyhole(["peek", name, "--path", "/etc", "--color", "always"], env)
      expect(stdout).toContain("\u001B[01;34m/etc\u001B[0m\n")
      expect(stdout).toContain("\u001B[01;36m/etc/link\u001B[0m -> motd\n")
    })
  )

  it.live("ends when it is told to, quietly, and its connections with it", () =>
    Effect.gen(function* () {
      const { name, env, registry, made } = yield* world
      const [, layer] = made.layers
      const reached = yield* Deferred.make<void>()
      registry.on(layer?.digest ?? "", (_request, response) => {
        // Some of the layer comes, and then nothing more.
        response.writeHead(200, { "Content-Length": layer?.size })
        response.write(layer?.bytes.subarray(0, 20), () => Effect.runSync(Deferred.succeed(reached, undefined)))
      })
      const { child, ended } = start(["peek", name], env)
      const ending = yield* Effect.forkChild(ended, { startImmediately: true })
      yield* Deferred.await(reached)
      child.kill("SIGTERM")
      expect(yield* Fiber.join(ending)).toEqual({ status: 143, stdout: "", stderr: "" })
      yield* Effect.promise(() => until(() => registry.connections.size === 0, 20_000))
    })
  )

  it.live("stops, quietly, when nobody reads on", () =>
    Effect.gen(function* () {
      const { registry, env } = yield* world
      const many = Array.from({ length: 5000 }, (_, at) => member({ name: `a-file-with-number-${at}` }))
      registry.put("team/app", image([archive(...many)]), "many")
      const script = `"$0" "$@" | head -n 1; printf '%s ' "\${PIPESTATUS[@]}"`
      const piped = command("bash", ["-c", script, KEYHOLE, "peek", `${registry.host}/team/app:many`], env)
      const { status, stdout, stderr } = yield* piped.ended
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
      expect(stdout).toMatch(/^-rw-r--r-- .* \/a-file-with-number-0\n0 0 $/u)
    })
  )

  it.live("fails with the service's sentence, prints nothing, and leaves nothing in the data directory", () =>
    Effect.gen(function* () {
      const { registry, env, files } = yield* world
      const { status, stdout, stderr } = yield* keyhole(["peek", `${registry.host}/team/app:nope`], env)
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
      expect(stderr).toMatch(/^keyhole: [^\n]*nope[^\n]*\n$/u)
      expect(yield* namesIn(join(files, ".."))).toEqual(["files"])
    })
  )
})

describe("keyhole carve", () => {
  it.live("writes the file's bytes to standard output, links followed", () =>
    Effect.gen(function* () {
      const { name, env } = yield* world
      expect(yield* keyhole(["carve", name, "/etc/link"], env)).toEqual({ status: 0, stdout: MOTD, stderr: "" })
    })
  )

  it.live("writes a file, and replaces one only with --force", () =>
    Effect.gen(function* () {
      const { name, env, files, registry } = yield* world
      const target = join(files, "motd")
      const carve = ["carve", name, "/etc/motd", "-o", target]
      expect(yield* keyhole(carve, env)).toEqual({
        status: 0,
        stdout: "",
        stderr: `/etc/motd of layer 1, 9 bytes, is ${target} now.\n`
      })
      expect(yield* text(target)).toBe(MOTD)

      yield* Effect.promise(() => writeFile(target, "mine"))
      const before = registry.requests.length
      expect(yield* keyhole(carve, env)).toEqual({
        status: 1,
        stdout: "",
        stderr: `keyhole: ${target} exists; --force replaces it.\n`
      })
      expect(registry.requests.length).toBe(before)
      expect(yield* text(target)).toBe("mine")

      expect(yield* keyhole([...carve, "--force"], env)).toMatchObject({ status: 0 })
      expect(yield* text(target)).toBe(MOTD)
      expect(yield* namesIn(files)).toEqual(["motd"])
    })
  )

  it.live("leaves no part of a file behind: not when it fails, not when it is interrupted", () =>
    Effect.gen(function* () {
      const { name, env, files, registry, made } = yield* world
      const target = join(files, "big")
      const content = Buffer.alloc(4_000_000, "0123456789")
      const big = image([new Uint8Array(concat(member({ name: "big", content }), endMarker))])
      registry.put("team/app", big, "big")
      expect(made.manifest.digest).not.toBe(big.manifest.digest)
      const half = big.layers[0]?.bytes.subarray(0, 2_000_000)

      registry.on(big.layers[0]?.digest ?? "", (_request, response) => {
        response.writeHead(200, { "Content-Length": big.layers[0]?.size }).write(half)
      })
      const { child, ended } = start(["carve", `${name}:big`, "/big", "-o", target], env)
      const ending = yield* Effect.forkChild(ended, { startImmediately: true })
      yield* Effect.promise(async () => {
        while (child.exitCode === null) {
          const [part] = await readdir(files)
          if (part !== undefined && (await stat(join(files, part))).size > 0) return
        }
      })
      child.kill("SIGINT")
      const { status, stdout } = yield* Fiber.join(ending)
      expect({ status, stdout }).toEqual({ status: 130, stdout: "" })
      expect(yield* namesIn(files)).toEqual([])
    })
  )
})
