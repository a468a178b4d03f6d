import { it } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Tracer } from "effect"
import { expect } from "vitest"
import { discreet } from "../../../src/infra/observability/tracing.ts"

const CANARY = "canary90b1c"

class Refused extends Data.TaggedError("Refused")<{ readonly message: string }> {}

/** The ends of all spans, as a tracer is told them. */
const endsOf = Effect.fnUntraced(function* (effect: Effect.Effect<unknown, unknown>) {
  const ends: Array<Exit.Exit<unknown, unknown>> = []
  const tracer = Tracer.make({
    span: (options) =>
      Object.assign(new Tracer.NativeSpan(options), {
        end: (_at: bigint, exit: Exit.Exit<unknown, unknown>) => void ends.push(exit)
      })
  })
  yield* Effect.exit(Effect.withSpan(effect, "work")).pipe(Effect.provideService(Tracer.Tracer, discreet(tracer)))
  return ends
})

const shown = (ends: ReadonlyArray<Exit.Exit<unknown, unknown>>): string =>
  ends.map((exit) => (Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "success")).join("\n")

it.effect("a span shows of an error its name, and nothing that it quotes", () =>
  Effect.gen(function* () {
    const refused = shown(yield* endsOf(Effect.fail(new Refused({ message: CANARY }))))
    expect(refused).toContain("Refused")
    const thrown = shown(yield* endsOf(Effect.die(new Error(`a row with ${CANARY}`, { cause: CANARY }))))
    expect(thrown).toContain("defect")
    expect(refused + thrown).not.toContain(CANARY)
  })
)

it.effect("a span that was interrupted, or went well, shows that", () =>
  Effect.gen(function* () {
    expect(shown(yield* endsOf(Effect.succeed(CANARY)))).toBe("success")
    const [interrupted] = yield* endsOf(Effect.interrupt)
    expect(interrupted !== undefined && Exit.isFailure(interrupted) && Cause.hasInterruptsOnly(interrupted.cause)).toBe(
      true
    )
  })
)
