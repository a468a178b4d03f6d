import { readdirSync } from "node:fs"
import { parseArgs } from "node:util"
import { Effect } from "effect"
import { registryTools } from "../test/support/registry/command.ts"
import { image } from "../test/support/registry/layout.ts"
import { realRegistry } from "../test/support/registry/real.ts"
import { gzipped, variant } from "./support/archive.ts"
import { megabytes, millis, percentile } from "./support/figures.ts"
import { residentBytes } from "./support/memory.ts"
import { type Kind, visitor } from "./support/visitor.ts"
import { startWorld, type World } from "./support/world.ts"

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } })
const minutes = Number(values.minutes)

const VISITORS = 8
const IMAGES = 60

const handles = ({ service }: World): number => readdirSync(`/proc/${service.pid}/fd`).length

const gauge = async ({ service }: World, name: string): Promise<number> => {
  const text = await (await fetch(`${service.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, "mu").exec(text)?.[1])
}

const pushed = Effect.gen(function* () {
  yield* registryTools
  const registry = yield* realRegistry()
  const layer = yield* Effect.promise(() => gzipped({ entries: 2000, bytes: 20e6 }))
  const numbers = Array.from({ length: IMAGES }, (_, number) => number)
  yield* Effect.forEach(numbers, (number) => registry.pushImage(image([variant(layer, number)]), `soak/${number}:1`))
  return { host: registry.host, images: numbers.map((number) => `${registry.host}/soak/${number}:1`) }
})

interface Minute {
  readonly p99: number
  readonly memory: number
}

const soak = async (world: World, images: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const wrong = new Set<string>()
  const ends = performance.now() + minutes * 60_000
  const counts = new Map<Kind, number>()
  let reads: Array<number> = []
  const answered = (kind: Kind, milliseconds: number): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    if (kind === "read") reads.push(milliseconds)
  }
  const visits = { world, images, isOver: () => performance.now() >= ends, unmeant: wrong.add.bind(wrong), answered }
  const handlesBefore = handles(world)
  const visitors = Array.from({ length: VISITORS }, (_, number) => visitor(number, visits))
  const past: Array<Minute> = []
  const timer = setInterval(() => {
    const minute = { p99: percentile(reads, 0.99), memory: residentBytes(world.service.pid) }
    reads = []
    past.push(minute)
    const all = [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")
    process.stdout.write(
      `minute ${past.length}: reads' p99 ${millis(minute.p99)}, ${megabytes(minute.memory)}, handles ${handles(world)}; so far ${all}\n`
    )
  }, 60_000)
  await Promise.all(visitors)
  clearInterval(timer)

  // What is left when nobody is there any more, and connections that were kept have gone.
  await new Promise((resolve) => setTimeout(resolve, 40_000))
  const [sessions, handlesAfter] = [await gauge(world, "keyhole_registry_sessions"), handles(world)]
  if (sessions !== 0) wrong.add(`${sessions} registry sessions are left`)
  if (handlesAfter > handlesBefore + 8) wrong.add(`${handlesAfter} handles are left, of ${handlesBefore} before`)
  const settled = past.slice(1)
  const [first, last] = [settled[0], settled.at(-1)]
  if (first !== undefined && last !== undefined && last.memory > first.memory * 1.1) {
    wrong.add(`memory grew from ${megabytes(first.memory)} after two minutes to ${megabytes(last.memory)}`)
  }
  process.stdout.write(`at the end: registry sessions ${sessions}, handles ${handlesAfter} (${handlesBefore} before)\n`)
  const status = await world.service.end("SIGTERM")
  if (status !== 0) wrong.add(`the service ended with ${status}`)
  return [...wrong]
}

const wrong = await Effect.runPromise(
  Effect.gen(function* () {
    const { host, images } = yield* pushed
    const settings = { KEYHOLE_REGISTRY_PRIVATE: host, KEYHOLE_REGISTRY_INSECURE: host }
    const world = yield* Effect.acquireRelease(
      Effect.promise(() => startWorld(settings)),
      (started) => Effect.promise(() => started[Symbol.asyncDispose]())
    )
    return yield* Effect.promise(() => soak(world, images))
  }).pipe(Effect.scoped)
)
for (const sentence of wrong) process.stdout.write(`wrong: ${sentence}\n`)
process.stdout.write(wrong.length === 0 ? "nothing that is not meant\n" : "")
process.exitCode = wrong.length === 0 ? 0 : 1
