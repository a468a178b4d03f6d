import { describe, expect, it } from "@effect/vitest"
import { Effect, PlatformError, Sink, Stdio, Stream } from "effect"
import { print } from "../../src/cli/output.ts"

const broken = (code: string) => {
  const cause = Object.assign(new Error(code), { code })
  return Stdio.layerTest({
    stdout: () => Sink.fail(PlatformError.systemError({ module: "Stdio", method: "stdout", _tag: "Unknown", cause }))
  })
}

describe("print", () => {
  it.effect("takes a reader that went away for one that has had enough", () =>
    print(Stream.fromEffectRepeat(Effect.succeed("more"))).pipe(Effect.provide(broken("EPIPE")))
  )

  it.effect("fails when standard output cannot be written", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.provide(print(Stream.make("text")), broken("ENOSPC")))
      expect(error.message).toBe("Standard output cannot be written.")
    })
  )

  it.effect("fails as what it prints fails", () =>
    Effect.gen(function* () {
      const output = Stream.concat(Stream.make("text"), Stream.fail("broken" as const))
      expect(yield* Effect.flip(Effect.provide(print(output), Stdio.layerTest({})))).toBe("broken")
    })
  )
})
