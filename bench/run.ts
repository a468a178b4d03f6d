import { readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { Effect } from "effect"
import { image } from "../test/support/registry/layout.ts"
import { realRegistry } from "../test/support/registry/real.ts"
import { benchCarve } from "./carve.ts"
import { benchConsole, ENTRIES } from "./console.ts"
import { benchListing } from "./listing.ts"
import { benchRead } from "./read.ts"
import { benchRefresh } from "./refresh.ts"
import { benchRevocation } from "./revocation.ts"
import { benchSignIn } from "./signIn.ts"
import { benchStart } from "./start.ts"
import { gzipped } from "./support/archive.ts"
import type { Figure } from "./support/figures.ts"
import { pushImages } from "./support/images.ts"
import { meter } from "./support/meter.ts"
import { report, type Section } from "./support/report.ts"
import { startWorld } from "./support/world.ts"

const { values, positionals } = parseArgs({ options: { quick: { type: "boolean" } }, allowPositionals: true })
const isQuick = values.quick === true
const times = isQuick ? 3 : 5
const seconds = isQuick ? 1 : 10

const sections: Array<Section> = []

/** Every part by its name; `npm run bench -- listing` measures that one, and leaves the others in the report as they are. */
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name)

const measure = (name: string, title: string, work: () => Promise<ReadonlyArray<Figure>>) =>
  Effect.promise(async () => {
    if (!isWanted(name)) return
    const figures = await work()
    sections.push({ title, figures })
    for (const { what, value, aim, beside } of figures) {
      process.stdout.write(`${what}: ${value} (aim ${aim}${beside === "" ? "" : `; ${beside}`})\n`)
    }
  })

const world = (settings: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.promise(() => startWorld(settings)),
    (started) => Effect.promise(() => started[Symbol.asyncDispose]())
  )

const accounts = Effect.gen(function* () {
  const started = yield* world({})
  yield* measure("read", "Reads", () => benchRead(started, times, seconds))
  yield* measure("refresh", "Refreshes", () => benchRefresh(started, times, seconds))
  yield* measure("sign-in", "Sign-ins", () => benchSignIn(started, times, seconds))
}).pipe(Effect.scoped)

const images = Effect.gen(function* () {
  if (!isWanted("listing") && !isWanted("carve")) return
  const pushed = yield* pushImages(times, isQuick)
  const counting = yield* meter(pushed.host)
  const hosts = `${pushed.host},${counting.host}`
  const started = yield* world({ KEYHOLE_REGISTRY_PRIVATE: hosts, KEYHOLE_REGISTRY_INSECURE: hosts })
  yield* measure("carve", "Carving", () => benchCarve(started, pushed, counting))
  yield* measure("listing", "Listing", () => benchListing(started, pushed, counting, seconds))
}).pipe(Effect.scoped)

const pages = Effect.gen(function* () {
  if (!isWanted("console")) return
  const registry = yield* realRegistry()
  const layer = yield* Effect.promise(() => gzipped({ entries: ENTRIES, bytes: 1024 * ENTRIES }))
  yield* registry.pushImage(image([layer]), "bench/many:1")
  const started = yield* world({ KEYHOLE_REGISTRY_PRIVATE: registry.host, KEYHOLE_REGISTRY_INSECURE: registry.host })
  yield* measure("console", "Console", () => benchConsole(started, `${registry.host}/bench/many:1`, times))
}).pipe(Effect.scoped)

await Effect.runPromise(
  Effect.gen(function* () {
    yield* measure("start", "Start", () => benchStart(times))
    yield* accounts
    yield* measure("revocation", "Revocation", () => benchRevocation(isQuick))
    yield* images
    yield* pages
  })
)

const file = new URL("results.md", import.meta.url)
// A quick look at a part is for the one who looks.
if (!isQuick || positionals.length === 0) {
  writeFileSync(file, report(readFileSync(file, "utf8"), sections, new Date(), isQuick))
}
