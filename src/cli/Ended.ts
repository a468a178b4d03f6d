import { Console, Data, Effect, Runtime } from "effect"

const FAILED = 1

/** The end of a run that did not succeed; it was told to the user already. */
export class Ended extends Data.TaggedError("Ended")<{ readonly status: number }> {
  override readonly [Runtime.errorReported] = false
  override readonly [Runtime.errorExitCode] = this.status
}

/** Says what went wrong, each line of it as ours. */
export const tell = (message: string) => Console.error(message.replaceAll(/^/gmu, "keyhole: "))

/** A failure is told on standard error and ends with 1. */
export const failed = ({ message }: { readonly message: string }) =>
  Effect.andThen(tell(message), Effect.fail(new Ended({ status: FAILED })))
