import { Context, type Effect } from "effect"

/** Something the service depends on; without a `required` one it cannot do its work at all. */
export interface Check {
  readonly name: string
  readonly state: "up" | "down"
  readonly required: boolean
}

/** The state of everything the service depends on, asked now. */
export class Health extends Context.Service<Health, { readonly checks: Effect.Effect<ReadonlyArray<Check>> }>()(
  "keyhole/domain/Health"
) {}

export type Readiness = "ok" | "degraded" | "unavailable"

/** Whether the service can do its work: all of it, slower or with less, or not. */
export const readiness = (checks: ReadonlyArray<Check>): Readiness => {
  const down = checks.filter(({ state }) => state === "down")
  if (down.some(({ required }) => required)) return "unavailable"
  return down.length > 0 ? "degraded" : "ok"
}
