import { chmod, mkdir, writeFile } from "node:fs/promises"
import { delimiter, join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { tarball } from "../domain/image/support/tarball.ts"
import { image } from "../support/registry/layout.ts"
import { ADA, realRegistry } from "../support/registry/real.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { keyhole } from "./keyhole.ts"

const pushed = image([gzipSync(tarball({ name: "motd", content: "Welcome.\n" }))])

/** A registry that lets only Ada in, and somebody's home. */
const world = Effect.gen(function* () {
  const registry = yield* realRegistry({ auth: "basic" })
  yield* registry.pushImage(pushed, "team/app:1")
  const home = yield* temporaryFolder
  yield* Effect.promise(() => mkdir(join(home, ".docker")))
  const env = { HOME: home, KEYHOLE_REGISTRY_PRIVATE: registry.host, KEYHOLE_REGISTRY_INSECURE: registry.host }
  const config = join(home, ".docker", "config.json")
  return {
    registry,
    home,
    env,
    config,
    name: `${registry.host}/team/app:1`,
    logIn: (content: object) => Effect.promise(() => writeFile(config, JSON.stringify(content)))
  }
})

describe("keyhole at a registry that wants a login", () => {
  it.live("shows it the one that docker login left, and is refused without", () =>
    Effect.gen(function* () {
      const { name, env, registry, logIn } = yield* world
      expect(yield* keyhole(["carve", name, "/motd"], env)).toMatchObject({ status: 1, stdout: "" })
      yield* logIn({ auths: { [registry.host]: { auth: Buffer.from(ADA).toString("base64") } } })
      expect(yield* keyhole(["carve", name, "/motd"], env)).toEqual({ status: 0, stdout: "Welcome.\n", stderr: "" })
      expect((yield* keyhole(["peek", name], env)).stdout).toMatch(/ \/motd\n$/u)
    })
  )

  it.live("asks the credential helper that the configuration names", () =>
    Effect.gen(function* () {
      const { name, env, home, logIn } = yield* world
      const [username = "", secret = ""] = ADA.split(":")
      const helper = join(home, "docker-credential-tests")
      const answer = JSON.stringify({ Username: username, Secret: secret })
      yield* Effect.promise(() => writeFile(helper, `#!/bin/sh\nprintf '%s' '${answer}'\n`))
      yield* Effect.promise(() => chmod(helper, 0o755))
      yield* logIn({ credsStore: "tests" })
      const path = [home, process.env["PATH"]].join(delimiter)
      expect(yield* keyhole(["carve", name, "/motd"], { ...env, PATH: path })).toEqual({
        status: 0,
        stdout: "Welcome.\n",
        stderr: ""
      })
    })
  )

  it.live("says which file it is that makes no sense", () =>
    Effect.gen(function* () {
      const { name, env, config } = yield* world
      yield* Effect.promise(() => writeFile(config, `{"auths": "canary`))
      expect(yield* keyhole(["peek", name], env)).toEqual({
        status: 1,
        stdout: "",
        stderr: `keyhole: ${config} should hold logins to registries, as docker login writes them, and does not.\n`
      })
    })
  )
})
