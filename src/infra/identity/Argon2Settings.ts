import { Context } from "effect"

export class Argon2Settings extends Context.Service<
  Argon2Settings,
  {
    readonly memoryKiB: number
    /** Passes over the memory. */
    readonly time: number
    /** Hashes computed at once. */
    readonly concurrency: number
    /** How many more may wait. */
    readonly queue: number
  }
>()("keyhole/infra/identity/Argon2Settings") {}
