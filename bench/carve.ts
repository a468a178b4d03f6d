import { FIRST, LAST } from "./support/archive.ts"
import { timed } from "./support/children.ts"
import { byTurns, type Figure, median, megabytes, millis, ratio } from "./support/figures.ts"
import type { Images } from "./support/images.ts"
import type { Meter } from "./support/meter.ts"
import type { World } from "./support/world.ts"

const quiet = "curl --silent --fail --output /dev/null"

/** One file at the beginning and one at the end of a layer, against `curl | tar` that ends when it has it. */
export const benchCarve = async (
  { service, token }: World,
  { large }: Images,
  registry: Meter
): Promise<ReadonlyArray<Figure>> => {
  const carve = (image: string, path: string) =>
    timed(
      `${quiet} --header 'Authorization: Bearer ${token}' ` +
        `'${service.url}/images/file?image=${encodeURIComponent(image)}&path=/${path}'`
    )
  // Curl is cut off when tar has what it wants: its failure is the way this works.
  const tar = (blob: string, path: string) =>
    timed(`curl --silent '${blob}' | tar --extract --to-stdout --gzip --occurrence=1 --file - ${path}`)
  const { variants } = large
  const measured = async (path: string) => {
    const pairs = await byTurns(
      variants.length,
      (turn) => carve((variants[turn] ?? variants[0]).image, path),
      (turn) => tar((variants[turn] ?? variants[0]).blob, path)
    )
    return {
      value: ratio(median(pairs.map(([one, other]) => one / other))),
      beside: `${millis(median(pairs.map(([one]) => one)))} against ${millis(median(pairs.map(([, other]) => other)))}`
    }
  }
  await carve(variants[0].image, FIRST)
  const near = await measured(FIRST)
  const last = await measured(LAST)
  registry.bytes()
  await carve(variants[0].image.replace(/^[^/]+/u, registry.host), FIRST)
  return [
    {
      what: "bytes that carving a file near the start moves",
      value: megabytes(registry.bytes()),
      aim: "< 0.5 MB",
      beside: large.what
    },
    { what: "carving a file near the start, × `curl \\| tar -xO`", aim: "≤ 1", ...near },
    { what: "carving the last file, × `curl \\| tar -xO`", aim: "≤ 0.55", ...last }
  ]
}
