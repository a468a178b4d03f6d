import { once } from "node:events"
import { request } from "node:http"
import { byTurns, type Figure, median, megabytes, millis, ratio } from "./support/figures.ts"
import type { Images, Layers, PushedLayer } from "./support/images.ts"
import { load } from "./support/load.ts"
import { residentBytes, watchMemory } from "./support/memory.ts"
import { timed } from "./support/children.ts"
import type { Meter } from "./support/meter.ts"
import type { World } from "./support/world.ts"

const quiet = "curl --silent --fail --no-buffer"

/** Listings of layers over HTTP, all at once by one process, entries as they are read. */
const peek = ({ service, token }: Pick<World, "service" | "token">, ...layers: ReadonlyArray<PushedLayer>): string =>
  `${quiet} --no-progress-meter --parallel --parallel-immediate ` +
  `--header 'Authorization: Bearer ${token}' --header 'Accept: application/x-ndjson' ` +
  layers
    .map(({ image }) => `--output /dev/null '${service.url}/images/files?layer=0&image=${encodeURIComponent(image)}'`)
    .join(" ")

/** A full listing, its digest verified, against `curl | tar -tv`, which verifies nothing. */
const benchLayer = async (world: World, { what, variants }: Layers, aim: string): Promise<ReadonlyArray<Figure>> => {
  const [warmUp, ...others] = variants
  const before = residentBytes(world.service.pid)
  const most = watchMemory(world.service.pid)
  const tar = ({ blob, compression }: PushedLayer) =>
    timed(`set -o pipefail; ${quiet} '${blob}' | tar --list --verbose --${compression} --file -`)
  const at = (turn: number) => others[turn] ?? warmUp
  await timed(peek(world, warmUp))
  const pairs = await byTurns(
    others.length,
    (turn) => timed(peek(world, at(turn))),
    (turn) => tar(at(turn))
  )
  const [ours, theirs] = [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))]
  return [
    {
      what: `full listing, ${what}, × \`curl \\| tar -tv\``,
      value: ratio(median(pairs.map(([one, other]) => one / other))),
      aim: `≤ ${aim}`,
      beside: `${millis(ours)} against ${millis(theirs)}; memory + ${megabytes(Math.max(0, most() - before))}`
    }
  ]
}

/** What somebody's read meets while ten layers that nobody has met before are being listed for two others. */
const benchNeighbour = async (world: World, fresh: Images["fresh"], seconds: number): Promise<Figure> => {
  const reads = () =>
    load({ url: `${world.service.url}/users/me`, seconds, connections: 64, rate: 200, bearer: world.token })
  const alone = await reads()
  const before = residentBytes(world.service.pid)
  const most = watchMemory(world.service.pid)
  const begun = performance.now()
  const peeks = world.neighbours.map((token, at) => {
    const theirs = fresh.filter((_, number) => number % world.neighbours.length === at)
    return timed(peek({ service: world.service, token }, ...theirs))
  })
  const [beside] = await Promise.all([reads(), ...peeks])
  return {
    what: `p99 of \`/users/me\` at 200/s during ${fresh.length} first peeks at once`,
    value: millis(beside.p99),
    aim: "≤ 20 ms",
    beside:
      `alone ${millis(alone.p99)}; reads for ${seconds} s, peeks for ${((performance.now() - begun) / 1000).toFixed(0)} s; ` +
      `memory + ${megabytes(Math.max(0, most() - before))}`
  }
}

/** When the first entry came, and the summary. */
const listed = async ({ service, token }: World, image: string) => {
  const url = `${service.url}/images/files?layer=0&image=${encodeURIComponent(image)}`
  const asked = request(url, { headers: { authorization: `Bearer ${token}`, accept: "application/x-ndjson" } }).end()
  const [response] = await once(asked, "response")
  let firstAt = Number.NaN
  let text = ""
  for await (const chunk of response) {
    if (Number.isNaN(firstAt)) firstAt = performance.now()
    text = (text + String(chunk)).slice(-4096)
  }
  const { summary } = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "")
  return { firstAt, bytesFetched: Number(summary.bytes_fetched) }
}

/** How soon a listing begins, and what it costs the registry to have it once more. */
const benchFirstAndAgain = async (
  world: World,
  { variants }: Layers,
  registry: Meter
): Promise<ReadonlyArray<Figure>> => {
  const through = ({ image }: PushedLayer) => image.replace(/^[^/]+/u, registry.host)
  const waits: Array<number> = []
  for (const layer of variants) {
    const { firstAt } = await listed(world, through(layer))
    waits.push(firstAt - registry.answeredAt(new URL(layer.blob).pathname))
  }
  registry.bytes()
  const { bytesFetched } = await listed(world, through(variants[0]))
  return [
    {
      what: "first entry after the layer's first byte",
      value: millis(median(waits)),
      aim: "≤ 50 ms",
      beside: `the slowest ${millis(Math.max(...waits))}`
    },
    {
      what: "bytes of blobs that a repeated listing fetches",
      value: String(bytesFetched),
      aim: "0",
      beside: `with the manifest and all headers ${registry.bytes()}`
    }
  ]
}

export const benchListing = async (
  world: World,
  { large, many, zstd, fresh }: Images,
  registry: Meter,
  seconds: number
): Promise<ReadonlyArray<Figure>> => [
  ...(await benchLayer(world, large, "0.55")),
  ...(await benchLayer(world, many, "0.90")),
  ...(await benchLayer(world, zstd, "1.00")),
  ...(await benchFirstAndAgain(world, many, registry)),
  await benchNeighbour(world, fresh, seconds)
]
