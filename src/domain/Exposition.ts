import { Context, type Effect } from "effect"

/** All metrics of the process in the text that Prometheus reads. */
export class Exposition extends Context.Service<Exposition, { readonly text: Effect.Effect<string> }>()(
  "keyhole/domain/Exposition"
) {}
