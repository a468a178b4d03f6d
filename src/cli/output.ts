import { Effect, Sink, Stdio, Stream } from "effect"
import { Failed } from "./Failed.ts"

const isClosedPipe = (cause: unknown): boolean => cause instanceof Error && "code" in cause && cause.code === "EPIPE"

/** Writes to standard output as fast as it is read. A reader that has had enough (`| head`) ends it, and is no failure. */
export const print = <E, R>(output: Stream.Stream<string | Uint8Array, E, R>) =>
  Effect.flatMap(Stdio.Stdio, (stdio) =>
    Stream.run(
      output,
      stdio
        .stdout()
        .pipe(
          Sink.catch(({ cause }) =>
            isClosedPipe(cause)
              ? Effect.void
              : Effect.fail(new Failed({ message: "Standard output cannot be written." }))
          )
        )
    )
  )

export const printLines = <E, R>(lines: Stream.Stream<string, E, R>) => print(Stream.map(lines, (line) => `${line}\n`))
