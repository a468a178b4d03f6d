import { Effect, Layer, Option } from "effect"
import { TracingSettings } from "./TracingSettings.ts"

/** The one that is traced where somebody collects traces, and the other elsewhere; what traces is loaded only then. */
export const collected = <A, E1, R1, E2, R2>(
  bare: Layer.Layer<A, E1, R1>,
  traced: Layer.Layer<A, E2, R2>,
  version: string
) =>
  Layer.unwrap(
    Effect.gen(function* (): Effect.fn.Return<Layer.Layer<A, E1 | E2, R1 | R2>, never, TracingSettings> {
      const { collector } = yield* TracingSettings
      if (Option.isNone(collector)) return bare
      const { layer } = yield* Effect.promise(() => import("./tracing.ts"))
      return Layer.provide(traced, layer(version))
    })
  )
