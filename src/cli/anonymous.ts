import { Effect, Layer, Option } from "effect"
import { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"

/** The command line looks into registries as nobody in particular. */
export const anonymous = Layer.succeed(RegistryCredentials, { forHost: () => Effect.succeed(Option.none()) })
