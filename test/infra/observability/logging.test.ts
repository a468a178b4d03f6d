import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Logger, Redacted } from "effect"
import { json } from "../../../src/infra/observability/logging.ts"
import { readable } from "../../../src/infra/observability/readable.ts"

const CANARY = "canary-7f3a"
const NASTY = "Mozilla\r\nFORGED\u2028FORGED\u0085FORGED \u001b[2J\u009b2J"

const logged = (format: Logger.Logger<unknown, string>, effect: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.map(format, (line) => void lines.push(line))
    yield* Effect.provide(effect, Logger.layer([logger]))
    return lines
  })

const secret = Redacted.make(CANARY)
const story = Effect.gen(function* () {
  yield* Effect.logInfo("listening", { port: 8080 })
  yield* Effect.logWarning(NASTY, { agent: NASTY }).pipe(Effect.annotateLogs({ agent: NASTY, [NASTY]: 1 }))
  yield* Effect.logError("failed", secret, { nested: [secret] }).pipe(Effect.annotateLogs({ secret }))
  yield* Effect.logError("broken", Cause.fail(new Error(NASTY)))
})

describe("the log", () => {
  it.effect("is one JSON document a line for machines", () =>
    Effect.gen(function* () {
      const lines = yield* logged(json, story)
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        { level: "INFO", message: ["listening", { port: 8080 }] },
        { level: "WARN", message: [NASTY, { agent: NASTY }], annotations: { agent: NASTY } },
        { level: "ERROR", message: ["failed", "<redacted>", { nested: ["<redacted>"] }] },
        { level: "ERROR", message: "broken", cause: expect.stringContaining("Error: Mozilla") }
      ])
    })
  )

  it.effect("is a line of words for people, what caused it indented below", () =>
    Effect.gen(function* () {
      const [first, ...others] = yield* logged(readable, story)
      expect(first).toMatch(/^\d\d:\d\d:\d\d INFO {2}listening \{"port":8080\}$/u)
      expect(others.at(-1)).toMatch(/^\d\d:\d\d:\d\d ERROR broken\n {4}Error: Mozilla/u)
    })
  )

  it.effect.each([json, readable])("obeys nothing that stands in a value: no new line, no terminal control", (format) =>
    Effect.gen(function* () {
      const text = (yield* logged(format, story)).join("\n")
      expect(text).toContain("FORGED")
      expect(text).not.toMatch(/^FORGED/mu)
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    })
  )

  it.effect.each([json, readable])("shows no secret", (format) =>
    Effect.gen(function* () {
      const text = (yield* logged(format, story)).join("\n")
      expect(text).toContain("<redacted>")
      expect(text).not.toContain(CANARY)
    })
  )
})
