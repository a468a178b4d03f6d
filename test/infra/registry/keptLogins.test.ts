import { chmod, mkdir, writeFile } from "node:fs/promises"
import { delimiter, dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Redacted, Result } from "effect"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { askHelper } from "../../../src/infra/registry/credentialHelper.ts"
import { keptLogin, loginFiles } from "../../../src/infra/registry/keptLogins.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const SECRET = "canary of a secret"
const base64 = (text: string) => Buffer.from(text).toString("base64")

const writing = (file: string, text: string) =>
  Effect.promise(async () => {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  })

/** What is shown for an image by somebody with these files; `docker` is Docker's own. */
const shown = (image: string, files: Readonly<Record<string, unknown>>) =>
  Effect.gen(function* () {
    const home = yield* temporaryFolder
    const names = {
      docker: join(home, ".docker", "config.json"),
      runtime: join(home, "run", "containers", "auth.json"),
      podman: join(home, ".config", "containers", "auth.json")
    }
    for (const [name, file] of Object.entries(names)) {
      const content = files[name]
      if (content !== undefined) yield* writing(file, typeof content === "string" ? content : JSON.stringify(content))
    }
    const reference = Result.getOrThrow(parse(image))
    const { forHost } = yield* keptLogin(reference, loginFiles({ XDG_RUNTIME_DIR: join(home, "run") }, home))
    const found = Option.getOrUndefined(yield* forHost(reference.registry))
    return (
      found && {
        username: found.username,
        password: Redacted.value(found.password),
        ...(found.identityToken !== undefined && { identityToken: Redacted.value(found.identityToken) })
      }
    )
  })

const failure = (image: string, files: Readonly<Record<string, unknown>>) =>
  Effect.map(Effect.flip(shown(image, files)), ({ message }) => {
    assert.notInclude(message, "canary")
    return message.replaceAll(/\/\S*\/(?=\.docker)/gu, "~/")
  })

/** A folder on the PATH with these credential helpers in it, as shell scripts. */
const helpers = (scripts: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    for (const [name, script] of Object.entries(scripts)) {
      const file = join(folder, `docker-credential-${name}`)
      yield* writing(file, `#!/bin/sh\nserver=$(cat)\n${script.replaceAll("FOLDER", folder)}\n`)
      yield* Effect.promise(() => chmod(file, 0o755))
    }
    const before = process.env["PATH"]
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        process.env["PATH"] = `${folder}${delimiter}${before}`
      }),
      () =>
        Effect.sync(() => {
          process.env["PATH"] = before
        })
    )
    return folder
  })

const telling = `printf '{"ServerURL":"%s","Username":"%s","Secret":"${SECRET}"}' "$server" "of $server"`
const knowingNothing = "echo credentials not found in native keychain; exit 1"

describe("the logins that people have already", () => {
  it.live("are nothing when there is no file, or none with the registry in it", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* shown("ghcr.io/org/app", {}))
      const docker = { auths: { "quay.io": { auth: base64("ada:x") } }, HttpHeaders: { "User-Agent": "Docker" } }
      assert.isUndefined(yield* shown("ghcr.io/org/app", { docker }))
      assert.isUndefined(yield* shown("ghcr.io/org/app", { docker: { auths: null, credHelpers: null } }))
    })
  )

  it.live.each([
    ["ghcr.io/org/app", "ghcr.io"],
    ["localhost:5000/app", "localhost:5000"],
    ["ghcr.io/org/app", "https://ghcr.io"],
    ["ghcr.io/org/app", "https://ghcr.io/v1/"],
    ["alpine", "https://index.docker.io/v1/"],
    ["alpine", "index.docker.io"],
    ["ada/app", "docker.io"]
  ] as const)("are found for %s under %s", ([image, key]) =>
    Effect.gen(function* () {
      const auths = { "other.example": { auth: base64("bob:y") }, [key]: { auth: base64(`ada:with: a colon`) } }
      assert.deepStrictEqual(yield* shown(image, { docker: { auths } }), {
        username: "ada",
        password: "with: a colon"
      })
    })
  )

  it.live("may be an identity token, or a name and a password in clear", () =>
    Effect.gen(function* () {
      const auths = {
        "one.example": { auth: base64("ada:"), identitytoken: SECRET },
        "two.example": { auth: base64(`<token>:${SECRET}`) },
        "three.example": { username: "ada", password: SECRET },
        "four.example": { identitytoken: SECRET }
      }
      const of = (host: string) => shown(`${host}/app`, { docker: { auths } })
      assert.deepStrictEqual(yield* of("one.example"), { username: "ada", password: SECRET, identityToken: SECRET })
      assert.deepStrictEqual(yield* of("two.example"), { username: "<token>", password: SECRET, identityToken: SECRET })
      assert.deepStrictEqual(yield* of("three.example"), { username: "ada", password: SECRET })
      assert.deepStrictEqual(yield* of("four.example"), {
        username: "<token>",
        password: SECRET,
        identityToken: SECRET
      })
    })
  )

  it.live("are of the nearest name, and of the first file that has one", () =>
    Effect.gen(function* () {
      const runtime = {
        auths: { "quay.io": { auth: base64("all:1") }, "quay.io/org": { auth: base64("org:2") }, "quay.io/or": {} }
      }
      const podman = { auths: { "quay.io": { auth: base64("late:3") }, "ghcr.io": { auth: base64("podman:4") } } }
      const docker = { auths: { "quay.io": {} } }
      const of = (image: string) => Effect.map(shown(image, { docker, runtime, podman }), (found) => found?.username)
      assert.strictEqual(yield* of("quay.io/org/app"), "org")
      assert.strictEqual(yield* of("quay.io/organ/app"), "all")
      assert.strictEqual(yield* of("ghcr.io/org/app"), "podman")
    })
  )

  it.live("fail with the file's name and no word of what is in it, when that makes no sense", () =>
    Effect.gen(function* () {
      const notLogins =
        "~/.docker/config.json should hold logins to registries, as docker login writes them, and does not."
      for (const docker of [`{"auths": "${SECRET}`, "[]", { auths: [SECRET] }, { credsStore: { x: SECRET } }]) {
        assert.strictEqual(yield* failure("ghcr.io/app", { docker }), notLogins)
      }
      const noEntry = "~/.docker/config.json has an entry for ghcr.io that cannot be read."
      for (const entry of [SECRET, { auth: base64(SECRET) }, { auth: 7 }]) {
        const docker = { auths: { "ghcr.io": entry } }
        assert.strictEqual(yield* failure("ghcr.io/app", { docker }), noEntry)
        // What is wrong with somebody else's is not in the way.
        assert.isUndefined(yield* shown("quay.io/app", { docker }))
      }
    })
  )

  it.live("are where the programs that wrote them were told to write them", () =>
    Effect.sync(() => {
      assert.deepStrictEqual(loginFiles({ DOCKER_CONFIG: "/d", XDG_CONFIG_HOME: "/c", XDG_RUNTIME_DIR: "" }, "/home"), [
        "/d/config.json",
        "/c/containers/auth.json"
      ])
      assert.deepStrictEqual(loginFiles({ REGISTRY_AUTH_FILE: "/a.json", DOCKER_CONFIG: "/d" }, "/home"), ["/a.json"])
    })
  )
})

describe("a credential helper", () => {
  it.live("is asked for the server's name, a registry's own before the one for all", () =>
    Effect.gen(function* () {
      yield* helpers({ all: telling, own: telling, hub: telling })
      const docker = {
        auths: { "quay.io": { auth: base64("old:1") }, "file.example": { auth: base64("file:2") } },
        credsStore: "all",
        credHelpers: { "ghcr.io": "own", "https://index.docker.io/v1/": "hub", "file.example": "" }
      }
      const of = (image: string) => Effect.map(shown(image, { docker }), (found) => found?.username)
      assert.strictEqual(yield* of("quay.io/app"), "of quay.io")
      assert.strictEqual(yield* of("ghcr.io/app"), "of ghcr.io")
      assert.strictEqual(yield* of("alpine"), "of https://index.docker.io/v1/")
      assert.strictEqual(yield* of("file.example/app"), "file")
    })
  )

  it.live("that knows nothing leaves it to the next file; Docker Hub it is asked for by both its names", () =>
    Effect.gen(function* () {
      yield* helpers({
        x: `if [ "$server" = docker.io ]; then ${telling}; else ${knowingNothing}; fi`,
        token: `printf '{"Username":"<token>","Secret":"${SECRET}"}'`
      })
      const podman = { auths: { "quay.io": { auth: base64("podman:1") } } }
      const docker = { credsStore: "x", credHelpers: { "ghcr.io": "token" } }
      assert.strictEqual((yield* shown("quay.io/app", { docker, podman }))?.username, "podman")
      assert.strictEqual((yield* shown("alpine", { docker }))?.username, "of docker.io")
      assert.strictEqual((yield* shown("ghcr.io/app", { docker }))?.identityToken, SECRET)
    })
  )

  it.live("that fails, says nonsense, is not there or cannot be one, fails the look-up and shows nothing", () =>
    Effect.gen(function* () {
      yield* helpers({
        fails: `echo "${SECRET}"; exit 1`,
        nonsense: `echo "${SECRET}"`,
        endless: `yes "${SECRET}" 2>/dev/null`
      })
      const of = (credsStore: string) => failure("ghcr.io/app", { docker: { credsStore } })
      const named = (name: string) => `docker-credential-${name}, which ~/.docker/config.json names,`
      assert.strictEqual(yield* of("fails"), `${named("fails")} failed for ghcr.io.`)
      assert.strictEqual(
        yield* of("nonsense"),
        `${named("nonsense")} gave no credentials for ghcr.io, and did not say why.`
      )
      assert.strictEqual(yield* of("endless"), `${named("endless")} failed for ghcr.io.`)
      assert.strictEqual(yield* of("not-there"), `${named("not-there")} is not on the PATH.`)
      for (const name of ["../evil", "x/../../bin/sh", "a b", "-x"]) {
        assert.strictEqual(yield* of(name), "~/.docker/config.json names a credential helper that cannot be one.")
      }
    })
  )

  it.live("is run without a shell, and ended when it takes too long", () =>
    Effect.gen(function* () {
      const folder = yield* helpers({ slow: "exec sleep 600" })
      const server = `x; touch ${folder}/ran`
      const asked = askHelper({ name: "slow", file: "config.json" }, server, Duration.millis(50))
      assert.strictEqual(
        (yield* Effect.flip(asked)).message,
        "docker-credential-slow, which config.json names, did not answer within 50ms."
      )
    })
  )
})
