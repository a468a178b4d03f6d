import { Context } from "effect"

export class GuessSettings extends Context.Service<
  GuessSettings,
  {
    /** Whether guessing has limits at all. */
    readonly limited: boolean
  }
>()("keyhole/infra/identity/GuessSettings") {}
