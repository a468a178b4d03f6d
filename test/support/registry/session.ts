import { Effect, Layer, Result } from "effect"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { anonymous, type RegistryCredentials } from "../../../src/domain/registry/RegistryCredentials.ts"
import { Registry } from "../../../src/domain/registry/RegistrySession.ts"
import { layer } from "../../../src/infra/registry/registry.ts"
import { defaults, RegistrySettings, type Settings } from "../../../src/infra/registry/RegistrySettings.ts"
import { type Resolver, system } from "../../../src/infra/registry/Resolver.ts"

export interface ClientOptions extends Partial<Settings> {
  readonly resolver?: Layer.Layer<Resolver>
  readonly credentials?: Layer.Layer<RegistryCredentials>
}

/** The registry client as the product has it, its settings changed as a test needs. */
export const client = ({
  resolver = system,
  credentials = anonymous,
  ...settings
}: ClientOptions): Layer.Layer<Registry> =>
  layer.pipe(Layer.provide([resolver, credentials, Layer.succeed(RegistrySettings, { ...defaults, ...settings })]))

/** Settings that open exactly these hosts, all of them on loopback and without TLS. */
export const open = (...hosts: ReadonlyArray<string>) => ({ private: hosts, insecure: hosts })

/** Opens a session for a reference written as people do. */
export const openSession = Effect.fnUntraced(function* (image: string) {
  const registry = yield* Registry
  return yield* registry.open(Result.getOrThrow(parse(image)))
})
