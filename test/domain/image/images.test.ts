import { fc, test } from "@fast-check/vitest"
import { Effect, Result, Stream } from "effect"
import { describe, expect } from "vitest"
import { carve } from "../../../src/domain/image/carve.ts"
import type { Entry } from "../../../src/domain/image/Entry.ts"
import { peek } from "../../../src/domain/image/peek.ts"
import { entry } from "./support/entry.ts"
import { reference, TestRegistry } from "./support/registry.ts"
import { stackedFiles } from "./support/stackedFiles.ts"
import type { Member } from "./support/tarball.ts"

/** What a layer does at a path, as an archive says it and as the model knows it. */
interface Act {
  readonly member: Member
  readonly entry: (layer: number) => Entry
}

const file = (path: string, content: string): Act => ({
  member: { name: path.slice(1), content },
  entry: (layer) => entry(path, { layer, size: content.length })
})
const directory = (path: string): Act => ({
  member: { name: `.${path}/`, type: "5" },
  entry: (layer) => entry(path, { layer, type: "dir" })
})
const whiteout = (path: string): Act => ({
  member: { name: path.slice(1).replace(/[^/]+$/u, ".wh.$&") },
  entry: (layer) => entry(path, { layer, whiteout: "file" })
})
const opaque = (path: string): Act => ({
  member: { name: `${path.slice(1)}/.wh..wh..opq` },
  entry: (layer) => entry(path, { layer, whiteout: "opaque" })
})

const isFileAbove = (one: Entry, other: Entry) =>
  one.type === "file" && one.whiteout === undefined && other.path.startsWith(`${one.path}/`)

const anyPath = fc
  .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
  .map((names) => `/${names.join("/")}`)
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyPath, fc.string({ unit: "grapheme-ascii", maxLength: 9 }))
      .map(([at, text]) => file(at, text))
  },
  { weight: 2, arbitrary: anyPath.map(directory) },
  { weight: 1, arbitrary: anyPath.map(whiteout) },
  { weight: 1, arbitrary: anyPath.map(opaque) }
)
/**
 * Layers as file systems make them: each path at most once (what an early cut finds of several is not promised), and
 * nothing below a file.
 */
const anyLayer = fc
  .uniqueArray(act, { maxLength: 6, selector: (one) => one.entry(0).path })
  .map((acts) => acts.filter((one) => !acts.some((other) => isFileAbove(other.entry(0), one.entry(0)))))
const anyLayers = fc.array(anyLayer, { maxLength: 4 })

const published = (all: ReadonlyArray<ReadonlyArray<Act>>) => {
  const registry = new TestRegistry()
  registry.putLayers(...all.map((one) => one.map((each) => each.member)))
  const files = stackedFiles(all.map((one, index) => one.map((each) => each.entry(index))))
  return { registry, files }
}

const shape = ({ path, type, size, layer }: Entry) => `${path} ${type} ${size} ${layer}`

describe("whatever the image", () => {
  test.prop([anyLayers])("peek lists what unpacking it leaves", async (all) => {
    const { registry, files } = published(all)
    const listed = Effect.gen(function* () {
      const { entries } = yield* peek({ reference })
      return yield* Stream.runCollect(entries)
    }).pipe(Effect.scoped, Effect.provide(registry.layer))
    expect((await Effect.runPromise(listed)).map(shape).toSorted()).toEqual([...files.values()].map(shape).toSorted())
    expect([registry.connections, registry.sessions]).toEqual([0, 0])
  })

  test.prop([anyLayers, anyPath], { numRuns: 300 })(
    "carve gives what unpacking it leaves, or says what is there",
    async (all, at) => {
      const { registry, files } = published(all)
      const carved = Effect.gen(function* () {
        const { content, layer } = yield* carve({ reference, path: at })
        return [Buffer.from(yield* Stream.mkUint8Array(content)).toString(), layer.index]
      }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.result)
      const result = await Effect.runPromise(carved)
      const expected = files.get(at)
      const isDirectory = expected?.type === "dir" || [...files.keys()].some((each) => each.startsWith(`${at}/`))
      if (Result.isSuccess(result)) {
        const made = all[expected?.layer ?? -1]?.find((each) => each.entry(0).path === at)
        expect(result.success).toEqual([made?.member.content, expected?.layer])
      } else {
        expect(expected?.type).not.toBe("file")
        if (isDirectory) expect(result.failure._tag).toBe("NotAFile")
      }
      expect([registry.connections, registry.sessions]).toEqual([0, 0])
    }
  )
})
