import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { KeySettings } from "../../src/domain/key/KeySettings.ts"
import { KeyStore } from "../../src/domain/key/KeyStore.ts"
import { PUBLISHED_AHEAD } from "../../src/domain/key/keyRotation.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { useCases } from "../support/useCases.ts"
import { keyStore } from "../support/vault.ts"
import { unstartable, used } from "./inProcess.ts"
import { keyhole } from "./keyhole.ts"

/** The commands on keys over a database of their own, with the clock of the test. */
const installation = Effect.fnUntraced(function* (before: Effect.Effect<void, unknown, KeyStore> = Effect.void) {
  const settings = Layer.succeed(KeySettings, { rotateEvery: Option.none() })
  const keys = Layer.succeedContext(yield* Layer.build(Layer.merge(Layer.provideMerge(keyStore, useCases), settings)))
  yield* Effect.provide(before, keys)
  return (line: string) => used(line, { application: { ...unstartable, keys } })
})

/** As the first versions left it: one key, and none to follow it. */
const withoutNext = Effect.gen(function* () {
  const store = yield* KeyStore
  yield* store.publish(yield* store.mint, "Current", yield* DateTime.now)
})

interface Listed {
  readonly kid: string
  readonly state: string
  readonly created_at: string
  readonly since: string
  readonly until?: string
}

const listed = Effect.fnUntraced(function* (run: (line: string) => ReturnType<typeof used>) {
  const { stdout } = yield* run("keys list --json")
  const { keys }: { readonly keys: ReadonlyArray<Listed> } = JSON.parse(stdout)
  return Object.fromEntries(keys.map((key) => [key.state, key]))
})

describe("keyhole keys", () => {
  it.effect("makes the first keys where there are none, and lists them for eyes and for machines", () =>
    Effect.gen(function* () {
      const run = yield* installation()
      expect((yield* run("keys list")).stdout).toBe("KID  STATE  CREATED  SINCE  UNTIL\n")
      const { status, stdout } = yield* run("keys rotate")
      const { current, next } = yield* listed(run)
      expect({ status, stdout }).toEqual({ status: 0, stdout: current?.kid })
      const time = "1970-01-01T00:00:00.000Z"
      expect(next).toEqual({
        kid: expect.stringMatching(/^[\w][\w-]{42}$/u),
        state: "next",
        created_at: time,
        since: time
      })
      const [head, ...lines] = (yield* run("keys list")).stdout.trimEnd().split("\n")
      expect(head).toBe(`${"KID".padEnd(43)}  STATE    ${"CREATED".padEnd(24)}  ${"SINCE".padEnd(24)}  UNTIL`)
      expect(lines.toSorted()).toEqual(
        [`${current?.kid}  current  ${time}  ${time}  -`, `${next?.kid}  next     ${time}  ${time}  -`].toSorted()
      )
    })
  )

  it.effect("lets the next key sign and the current one retire, with one line for each", () =>
    Effect.gen(function* () {
      const run = yield* installation()
      yield* run("keys rotate")
      const before = yield* listed(run)
      yield* TestClock.adjust(Duration.seconds(1))
      const { status, stdout, stderr } = yield* run("keys rotate")
      const after = yield* listed(run)
      expect({ status, stdout }).toEqual({ status: 0, stdout: before["next"]?.kid })
      expect(after["current"]?.kid).toBe(before["next"]?.kid)
      expect(after["retiring"]).toMatchObject({ kid: before["current"]?.kid, since: "1970-01-01T00:00:01.000Z" })
      // Seven days of refresh tokens, and ten minutes for clocks that differ.
      expect(after["retiring"]?.until).toBe("1970-01-08T00:10:01.000Z")
      expect(stderr.split("\n")).toEqual([
        `${before["current"]?.kid} retires: its tokens are accepted until 1970-01-08T00:10:01.000Z.`,
        `${before["next"]?.kid} signs from now on.`,
        `${after["next"]?.kid} is published and signs next.`
      ])
    })
  )

  it.effect("rotates no faster than the new key gets around, and says when it will; a leak does not wait", () =>
    Effect.gen(function* () {
      const run = yield* installation()
      yield* run("keys rotate")
      yield* TestClock.adjust(Duration.seconds(1))
      yield* run("keys rotate")
      const { next, current } = yield* listed(run)
      const soon = yield* run("keys rotate")
      expect(soon).toMatchObject({ status: 1, stdout: "" })
      expect(soon.stderr).toMatch(
        new RegExp(`^keyhole: The next key, ${next?.kid}, .* after 1970-01-01T00:06:01.000Z;`, "u")
      )
      const dropped = yield* run("keys rotate --drop current")
      expect(dropped).toMatchObject({ status: 0, stdout: next?.kid })
      expect(dropped.stderr).toContain(`${current?.kid} is gone: no token it signed is accepted.`)
      yield* TestClock.adjust(PUBLISHED_AHEAD)
      expect(yield* run("keys rotate")).toMatchObject({ status: 0 })
    })
  )

  it.effect("drops any key by its kid, and no other", () =>
    Effect.gen(function* () {
      const run = yield* installation()
      yield* run("keys rotate")
      const before = yield* listed(run)
      expect(yield* run(`keys rotate --drop ${before["next"]?.kid}`)).toMatchObject({
        status: 0,
        stdout: before["current"]?.kid
      })
      const after = yield* listed(run)
      expect(after["current"]).toEqual(before["current"])
      expect(after["next"]?.kid).not.toBe(before["next"]?.kid)
      expect(yield* run("keys rotate --drop nonsense")).toEqual({ status: 1, stdout: "", stderr: "keyhole: NotFound" })
      expect(yield* listed(run)).toEqual(after)
    })
  )

  it.effect("publishes a next key where there was none, and says from when on it may sign", () =>
    Effect.gen(function* () {
      const run = yield* installation(withoutNext)
      yield* TestClock.adjust(Duration.days(1))
      const before = yield* listed(run)
      const { status, stdout, stderr } = yield* run("keys rotate")
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
      const { current, next } = yield* listed(run)
      expect(current).toEqual(before["current"])
      expect(stderr).toMatch(
        new RegExp(`^keyhole: The next key, ${next?.kid}, .* after 1970-01-02T00:06:00.000Z;`, "u")
      )
      yield* TestClock.adjust(PUBLISHED_AHEAD)
      expect(yield* run("keys rotate")).toMatchObject({ status: 0, stdout: next?.kid })
    })
  )

  it.live("adds no key under another secret than the others' own", () =>
    Effect.gen(function* () {
      const KEYHOLE_DATA_DIR = yield* temporaryFolder
      yield* keyhole(["migrate"], { KEYHOLE_DATA_DIR })
      expect(yield* keyhole(["keys", "rotate"], { KEYHOLE_DATA_DIR })).toMatchObject({ status: 0 })
      const env = { KEYHOLE_DATA_DIR, KEYHOLE_SECRET: "another secret of thirty-two bytes" }
      const refused = yield* keyhole(["keys", "rotate"], env)
      expect(refused).toMatchObject({ status: 1, stdout: "" })
      expect(refused.stderr).toContain("encrypted with another secret than KEYHOLE_SECRET")
    })
  )
})
