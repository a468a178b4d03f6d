import { Context, type Effect } from "effect"

/** The public list of passwords that are tried first. */
export class CommonPasswords extends Context.Service<
  CommonPasswords,
  {
    /** The test for one password, in lower case. */
    readonly isCommon: Effect.Effect<(password: string) => boolean>
  }
>()("keyhole/domain/identity/CommonPasswords") {}
