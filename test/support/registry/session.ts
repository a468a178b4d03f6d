import { Effect, Layer, Option, Result } from "effect"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { RegistryCredentials } from "../../../src/domain/registry/RegistryCredentials.ts"
import { Registry } from "../../../src/domain/registry/RegistrySession.ts"
import { layer } from "../../../src/infra/registry/registry.ts"
import { defaults, RegistrySettings, type Settings } from "../../../src/infra/registry/RegistrySettings.ts"
import { type Resolver, system } from "../../../src/infra/registry/Resolver.ts"

export interface ClientOptions extends Partial<Settings> {
  readonly resolver?: Layer.Layer<Resolver>
  readonly credentials?: Layer.Layer<RegistryCredentials>
}

const anonymous = Layer.succeed(RegistryCredentials, { forHost: () => Effect.succeed(Option.none()) })

/** The registry client as the product has it, its settings changed as a test needs. */
export const registries = (settings: Partial<Settings>, resolver = system): Layer.Layer<Registry> =>
  layer.pipe(Layer.provide([resolver, Layer.succeed(RegistrySettings, { ...defaults, ...settings })]))

/** The same, and somebody to open sessions for. */
export const client = ({ resolver, credentials = anonymous, ...settings }: ClientOptions) =>
  Layer.merge(registries(settings, resolver), credentials)

/** Settings that open exactly these hosts, all of them on loopback and without TLS. */
export const open = (...hosts: ReadonlyArray<string>) => ({ private: hosts, insecure: hosts })

/** Opens a session for a reference written as people do. */
export const openSession = Effect.fnUntraced(function* (image: string) {
  const registry = yield* Registry
  return yield* registry.open(Result.getOrThrow(parse(image)))
})
