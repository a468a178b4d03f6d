import { randomBytes } from "node:crypto"
import { readdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { tarball } from "../domain/image/support/tarball.ts"
import { gate } from "../support/registry/gate.ts"
import { image } from "../support/registry/layout.ts"
import { realRegistry } from "../support/registry/real.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { terminal, type TerminalOptions } from "../support/terminal.ts"

const KEYHOLE = fileURLToPath(new URL("../../bin/keyhole", import.meta.url))
const SIZE = 6_000_000
/** Some of a layer, and not all of it. */
const PART = 2_000_000

const layer = (name: string) => tarball({ name, content: randomBytes(SIZE) })
const big = image([layer("one"), layer("two"), layer("three")])

const small = image([tarball({ name: "bin/", type: "5", mode: 0o755 }, { name: "bin/su", mode: 0o4755, content: "#" })])

const scope = Scope.makeUnsafe()
let registry: string
beforeAll(async () => {
  registry = await Effect.gen(function* () {
    const { host, pushImage } = yield* realRegistry()
    yield* pushImage(big, "big/app:1")
    yield* pushImage(small, "small/app:1")
    return host
  }).pipe(Scope.provide(scope), Effect.runPromise)
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** A shell in a terminal from which that registry can be reached. */
const at = (host: string, { env = {}, ...options }: TerminalOptions = {}) =>
  terminal({ ...options, env: { KEYHOLE_REGISTRY_PRIVATE: host, KEYHOLE_REGISTRY_INSECURE: host, ...env } })

/** What whoever left has left behind at the registry: nothing. */
const allGone = ({ connections }: Effect.Success<ReturnType<typeof gate>>) =>
  Effect.repeat(
    Effect.delay(
      Effect.sync(() => connections.size),
      "20 millis"
    ),
    { until: (size) => size === 0 }
  )

/** A start of the command takes seconds on a machine that has much else to do. */
const PATIENCE = 240_000

describe("keyhole in a terminal", () => {
  it.live(
    "shows how far each layer has come; Ctrl-C ends that, the registry session and the command",
    () =>
      Effect.gen(function* () {
        const way = yield* gate(registry, PART)
        const here = yield* at(way.host)
        yield* here.enter(`${KEYHOLE} peek ${way.host}/big/app:1; echo ended with $?`)
        const shown = yield* here.seen(/(?:layer \d {2}\[#+\.+\] +\d\.\d\/6\.0 MB .*\s*){3}/u)
        expect(shown.match(/^layer \d/gmu)).toEqual(["layer 0", "layer 1", "layer 2"])

        const made = way.made()
        yield* here.press("C-c")
        const after = yield* here.seen(/^ended with \d+$/mu)
        expect(after).toContain("ended with 130")
        expect(after).not.toMatch(/layer|keyhole:|Error/u)
        yield* allGone(way)
        expect(way.made()).toBe(made)
      }),
    PATIENCE
  )

  it.live(
    "leaves no part of a file that it was carving when Ctrl-C is pressed",
    () =>
      Effect.gen(function* () {
        const way = yield* gate(registry, PART)
        const here = yield* at(way.host)
        const files = yield* temporaryFolder
        const names = Effect.promise(() => readdir(files))
        yield* here.enter(`${KEYHOLE} carve ${way.host}/big/app:1 /three -o ${files}/three; echo ended with $?`)
        yield* here.seen(/^three .*\d\.\d\/6\.0 MB/mu)
        expect((yield* names).length).toBe(1)

        yield* here.press("C-c")
        const after = yield* here.seen(/^ended with \d+$/mu)
        expect(after).toContain("ended with 130")
        expect(after).not.toMatch(/MB|keyhole:/u)
        expect(yield* names).toEqual([])
        yield* allGone(way)
      }),
    PATIENCE
  )

  it.live(
    "lists in colours, and leaves nothing of the bars on a narrow screen",
    () =>
      Effect.gen(function* () {
        const here = yield* at(registry, { columns: 40 })
        yield* here.enter(`${KEYHOLE} peek ${registry}/small/app:1; echo ended with $?`)
        const after = yield* here.seen(/^ended with \d+$/mu)
        expect(after.split("\n").slice(1)).toEqual([
          "drwxr-xr-x 1 1000     1000              0 1970-01-01 00:00 /bin",
          "-rwsr-xr-x 1 1000     1000              1 1970-01-01 00:00 /bin/su",
          "ended with 0",
          "$"
        ])
        const colours = yield* here.colours
        expect(colours).toContain("\u001B[1m\u001B[34m/bin")
        expect(colours).toContain("\u001B[37m\u001B[41m/bin/su")
      }),
    PATIENCE
  )

  it.live(
    "lists accounts as a table with a head",
    () =>
      Effect.gen(function* () {
        const KEYHOLE_DATA_DIR = yield* temporaryFolder
        const here = yield* terminal({ columns: 160, env: { KEYHOLE_DATA_DIR } })
        yield* here.enter(`echo a lighthouse at noon | ${KEYHOLE} users create ada@example.com; ${KEYHOLE} users list`)
        const after = yield* here.seen(/^ada@example\.com +viewer +enabled +\S+Z +never +\S+$/mu)
        expect(after).toMatch(/^EMAIL {12}ROLES {3}STATE {4}CREATED {19}LAST SIGN-IN  ID$/mu)
      }),
    PATIENCE
  )
})
