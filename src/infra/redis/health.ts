import { Effect, Layer } from "effect"
import { Health } from "../../domain/Health.ts"
import { Redis } from "./Redis.ts"

/** Redis beside what there is to check already: without it the service does all its work, a little slower. */
export const layer = Layer.effect(
  Health,
  Effect.gen(function* () {
    const { checks } = yield* Health
    const { isUp } = yield* Redis
    return {
      checks: Effect.zipWith(checks, isUp, (others, up) => [
        ...others,
        { name: "redis", state: up ? ("up" as const) : ("down" as const), required: false }
      ])
    }
  })
)
