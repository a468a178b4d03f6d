import { Effect, Layer } from "effect"
import { DatabaseSettings } from "./DatabaseSettings.ts"

/** Of two, the one for the kind of database there is. */
export const over = <A, E1, R1, E2, R2>(sqlite: Layer.Layer<A, E1, R1>, postgres: Layer.Layer<A, E2, R2>) =>
  Layer.unwrap(
    Effect.map(
      DatabaseSettings,
      ({ kind }): Layer.Layer<A, E1 | E2, R1 | R2> => (kind === "sqlite" ? sqlite : postgres)
    )
  )
