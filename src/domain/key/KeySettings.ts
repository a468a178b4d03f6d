import { Context, type Duration, type Option } from "effect"

export class KeySettings extends Context.Service<
  KeySettings,
  {
    /** How long a key signs before the next one takes over; none for only by command. */
    readonly rotateEvery: Option.Option<Duration.Duration>
  }
>()("keyhole/domain/key/KeySettings") {}
