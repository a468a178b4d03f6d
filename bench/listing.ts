import { byTurns, type Figure, median, megabytes, millis, ratio } from "./support/figures.ts"
import type { Images, Layers, PushedLayer } from "./support/images.ts"
import { load } from "./support/load.ts"
import { residentBytes, watchMemory } from "./support/memory.ts"
import { timed } from "./support/children.ts"
import type { World } from "./support/world.ts"

const quiet = "curl --silent --fail --no-buffer"

/** A listing of one layer over HTTP, entries as they are read. */
const peek = ({ service, token }: World, { image }: PushedLayer): string =>
  `${quiet} --header 'Authorization: Bearer ${token}' --header 'Accept: application/x-ndjson' --output /dev/null ` +
  `'${service.url}/images/files?layer=0&image=${encodeURIComponent(image)}'`

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

/** What somebody else's read meets while ten layers are being listed. */
const benchNeighbour = async (world: World, { variants: [layer] }: Layers, seconds: number): Promise<Figure> => {
  const reads = () =>
    load({ url: `${world.service.url}/users/me`, seconds, connections: 64, rate: 200, bearer: world.token })
  const alone = await reads()
  const peeks = Array.from({ length: 10 }, () => timed(peek(world, layer)))
  const [beside] = await Promise.all([reads(), ...peeks])
  return {
    what: "p99 of `/users/me` at 200/s during ten peeks at once",
    value: millis(beside.p99),
    aim: "≤ 20 ms",
    beside: `alone ${millis(alone.p99)}`
  }
}

export const benchListing = async (
  world: World,
  { large, many, zstd }: Images,
  seconds: number
): Promise<ReadonlyArray<Figure>> => [
  ...(await benchLayer(world, large, "0.55")),
  ...(await benchLayer(world, many, "0.90")),
  ...(await benchLayer(world, zstd, "1.00")),
  await benchNeighbour(world, large, seconds)
]
