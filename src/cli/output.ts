import { Effect, Sink, Stdio, Stream } from "effect"
import { codeOf } from "./codeOf.ts"
import { Failed } from "./Failed.ts"

/** Writes to standard output as fast as it is read. A reader that has had enough (`| head`) ends it, and is no failure. */
export const print = <E, R>(output: Stream.Stream<string | Uint8Array, E, R>) =>
  Effect.flatMap(Stdio.Stdio, (stdio) =>
    Stream.run(
      output,
      stdio
        .stdout()
        .pipe(
          Sink.catch(({ cause }) =>
            codeOf(cause) === "EPIPE"
              ? Effect.void
              : Effect.fail(new Failed({ message: "Standard output cannot be written." }))
          )
        )
    )
  )

export const printLines = <E, R>(lines: Stream.Stream<string, E, R>) => print(Stream.map(lines, (line) => `${line}\n`))
