import { Context, type Duration } from "effect"

export class EventSettings extends Context.Service<
  EventSettings,
  {
    /** How long an event is kept. */
    readonly retention: Duration.Duration
  }
>()("keyhole/infra/event/EventSettings") {}
