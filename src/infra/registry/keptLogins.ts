import { join } from "node:path"
import { Effect, Option } from "effect"
import type { Reference } from "../../domain/registry/Reference.ts"
import { type RegistryCredential, RegistryCredentials } from "../../domain/registry/RegistryCredentials.ts"
import { credentialFrom } from "./dockerConfig.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** Where logins are kept by the programs that people log in to registries with: docker, and then podman, skopeo and buildah. */
export const loginFiles = (environment: Environment, home: string): ReadonlyArray<string> => {
  const given = (name: string) => environment[name] || undefined
  const named = given("REGISTRY_AUTH_FILE")
  if (named !== undefined) return [named]
  const runtime = given("XDG_RUNTIME_DIR")
  return [
    join(given("DOCKER_CONFIG") ?? join(home, ".docker"), "config.json"),
    ...(runtime === undefined ? [] : [join(runtime, "containers", "auth.json")]),
    join(given("XDG_CONFIG_HOME") ?? join(home, ".config"), "containers", "auth.json")
  ]
}

/** What somebody at the command line logs in to an image's registry with: the first login of the first file that has one. */
export const keptLogin = Effect.fnUntraced(function* (reference: Reference, files: ReadonlyArray<string>) {
  let found = Option.none<RegistryCredential>()
  for (const file of files) {
    found = yield* credentialFrom(file, reference)
    if (Option.isSome(found)) break
  }
  return RegistryCredentials.of({
    forHost: (host) => Effect.succeed(host === reference.registry ? found : Option.none())
  })
})
