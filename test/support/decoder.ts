import { Effect, Layer, Scope } from "effect"
import { layer } from "../../src/infra/layer/nativeDecoder.ts"

/** The decoder of the service, one for a whole file of tests: to begin a thread takes longer than most of them. */
export const decoder = Layer.succeedContext(Effect.runSync(Scope.provide(Layer.build(layer), Scope.makeUnsafe())))
