import { fc, it } from "@fast-check/vitest"
import { Effect, Stream } from "effect"
import { describe, expect } from "vitest"
import { Spool } from "../../../src/http/listing/Spool.ts"

const keys = fc.oneof(fc.constantFrom("a", "b", "/c", "/c/d", "\udcff", "é", "\u{1f511}"), fc.string())
const texts = fc.array(fc.tuple(keys, fc.string({ unit: "grapheme" })), { maxLength: 60 })
const held = fc.constantFrom(1, 2, 7, 1000)
const batch = fc.integer({ min: 1, max: 20 })

const spooled = (
  order: "key" | "arrival",
  many: ReadonlyArray<readonly [string, string]>,
  most: number,
  size: number
) =>
  Effect.gen(function* () {
    const spool = new Spool(order, most)
    for (let at = 0; at < many.length; at += size) yield* spool.add(many.slice(at, at + size))
    return (yield* Stream.runCollect(yield* spool.read)).flat()
  })

/** What is in a map in which a key that comes again is put last. */
const lastOfEach = (many: ReadonlyArray<readonly [string, string]>) => {
  const model = new Map<string, string>()
  for (const [key, text] of many) {
    model.delete(key)
    model.set(key, text)
  }
  return model
}

describe("a spool", () => {
  it.prop([texts, held, batch])("gives each key's last text, in the order they came last", async (many, most, size) => {
    expect(await Effect.runPromise(spooled("arrival", many, most, size))).toEqual([...lastOfEach(many).values()])
  })

  it.prop([texts, held, batch])("gives each key's last text, in the order of the keys", async (many, most, size) => {
    const model = [...lastOfEach(many)].toSorted(([one], [other]) => (one < other ? -1 : 1))
    expect(await Effect.runPromise(spooled("key", many, most, size))).toEqual(model.map(([, text]) => text))
  })

  it("puts many thousands together from compressed runs", async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => [`/usr/${(at * 7919) % 15_013}`, `text ${at}`] as const)
    const model = lastOfEach(many)
    expect(await Effect.runPromise(spooled("arrival", many, 1500, 100))).toEqual([...model.values()])
    const sorted = [...model].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text)
    expect(await Effect.runPromise(spooled("key", many, 1500, 100))).toEqual(sorted)
  })
})
