import { Context, Effect, type Tracer } from "effect"

/** Whether spans go anywhere: without a collector none are made but those that functions open by themselves. */
export const Traced = Context.Reference<boolean>("keyhole/infra/observability/Traced", { defaultValue: () => false })

/** Shows in the request's trace how long something outside of the process took. */
export const inSpan =
  (name: string, attributes: Tracer.SpanOptions["attributes"]) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Traced, (isTraced) =>
      isTraced ? Effect.withSpan(effect, name, { kind: "client", attributes }) : effect
    )
