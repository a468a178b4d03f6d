import { fc, test as property } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import type { Entry } from "../../../src/domain/image/Entry.ts"
import type { SeenLayer } from "../../../src/domain/image/Looks.ts"
import { NamePage, type NamePosition } from "../../../src/domain/image/NamePage.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { entry } from "./support/entry.ts"

const digest = Digest.make(`sha256:${"0".repeat(64)}`)
const seen = (layer: number, image = "docker.io/library/alpine:latest"): SeenLayer => ({
  image,
  digest,
  layer,
  layerDigest: digest
})

type Layers = ReadonlyArray<ReadonlyArray<Entry>>

/** What a page looks at, entry by entry, and where it ends. */
const page = (layers: Layers, limit: number, from: NamePosition | undefined, most?: number) => {
  const names = new NamePage({ query: "hit", limit, ...(from && { from }) }, most)
  const isWanted = (layer: number) => layer >= (from?.layer ?? 0)
  for (const [layer, entries] of layers.entries()) {
    if (isWanted(layer) && !(names.begin(seen(layer)) && names.look(seen(layer), entries))) break
  }
  return names
}

const layersOfNames = fc.array(
  fc
    .array(fc.constantFrom("/hit", "/HIT/me", "/other", "/wh hit"), { maxLength: 30 })
    .map((paths) => paths.map((path) => entry(path, path.startsWith("/wh") ? { whiteout: "file" } : {}))),
  { maxLength: 5 }
)

const isHit = ({ path, whiteout }: Entry) => whiteout === undefined && path.toLowerCase().includes("hit")

describe("pages of a search for names", () => {
  property.prop([layersOfNames, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 501, max: 1600 })])(
    "put one after the other are every match once, in order, and none has more than its limit",
    (layers, limit, most) => {
      const found: Array<Entry> = []
      let next: NamePosition | undefined
      do {
        const names = page(layers, limit, next, most)
        expect(names.results.length).toBeLessThanOrEqual(limit)
        found.push(...names.results.map((each) => each.entry))
        next = names.next
      } while (next !== undefined)
      expect(found).toEqual(layers.flat().filter(isHit))
    }
  )

  it("end before the match that is one too many, and so are full when there is another", () => {
    const layer = [entry("/hit/1"), entry("/hit/2"), entry("/other")]
    expect(page([layer], 2, undefined).next).toBeUndefined()
    expect(page([layer], 1, undefined).next).toMatchObject({ layer: 0, entry: 1 })
  })

  it("end when enough was looked at, a layer counting as five hundred entries", () => {
    const entries = Array.from({ length: 300 }, () => entry("/other"))
    expect(page([entries], 1, undefined, 800).next).toBeUndefined()
    expect(page([entries], 1, undefined, 799).next).toMatchObject({ layer: 0, entry: 299 })
    expect(page([[], []], 1, undefined, 500).next).toMatchObject({ layer: 1, entry: 0 })
    expect(page([[], []], 1, undefined, 501).next).toBeUndefined()
  })

  it("begin in the middle of a layer of the image where the one before ended, and of no other", () => {
    const names = new NamePage({ query: "hit", limit: 5, from: { ...seen(0), entry: 1 } })
    const entries = [entry("/hit/1"), entry("/hit/2")]
    for (const layer of [seen(0), seen(0, "docker.io/library/other:latest"), seen(1)]) {
      names.begin(layer)
      names.look(layer, entries)
    }
    expect(names.results.map(({ image, entry: { path } }) => [image, path])).toEqual([
      ["docker.io/library/alpine:latest", "/hit/2"],
      ["docker.io/library/other:latest", "/hit/1"],
      ["docker.io/library/other:latest", "/hit/2"],
      ["docker.io/library/alpine:latest", "/hit/1"],
      ["docker.io/library/alpine:latest", "/hit/2"]
    ])
  })

  it("look for a query in any case", () => {
    const names = new NamePage({ query: "PassWD", limit: 1 })
    names.begin(seen(0))
    names.look(seen(0), [entry("/etc/passwd")])
    expect(names.results.length).toBe(1)
  })
})
