import { Context } from "effect"

export class SessionSettings extends Context.Service<
  SessionSettings,
  {
    /** Live sessions a user may have; one more closes the oldest. */
    readonly atMost: number
  }
>()("keyhole/domain/session/SessionSettings") {}
