import { assert, describe, it } from "@effect/vitest"
import { SharedSync } from "../../../../src/infra/database/sqlite/SharedSync.ts"

/** A disk whose syncs end when the test says so. */
const disk = () => {
  const syncs: Array<PromiseWithResolvers<void>> = []
  const shared = new SharedSync(() => {
    const sync = Promise.withResolvers<void>()
    syncs.push(sync)
    return sync.promise
  })
  return { shared, syncs }
}

const turns = () => new Promise((resolve) => setImmediate(resolve))

describe("SharedSync", () => {
  it("begins a sync at once, and another for all who come while it runs", async () => {
    const { shared, syncs } = disk()
    const done: Array<string> = []
    const wait = (name: string) => shared.done().then(() => done.push(name))
    const all = [wait("first"), wait("second"), wait("third")]
    assert.lengthOf(syncs, 1)
    syncs[0]?.resolve()
    await turns()
    assert.deepStrictEqual(done, ["first"])
    assert.lengthOf(syncs, 2)
    all.push(wait("fourth"))
    syncs[1]?.resolve()
    await turns()
    assert.deepStrictEqual(done, ["first", "second", "third"])
    assert.lengthOf(syncs, 3)
    syncs[2]?.resolve()
    await Promise.all(all)
    assert.deepStrictEqual(done, ["first", "second", "third", "fourth"])
  })

  it("begins anew when nobody has waited for a while", async () => {
    const { shared, syncs } = disk()
    for (const count of [1, 2, 3]) {
      const done = shared.done()
      assert.lengthOf(syncs, count)
      syncs[count - 1]?.resolve()
      await done
    }
  })

  it("fails for ever after a failure: nobody knows what is on the disk", async () => {
    const { shared, syncs } = disk()
    const atOnce = Promise.allSettled([shared.done(), shared.done()])
    syncs[0]?.reject(new Error("EIO"))
    await turns()
    const later = Promise.allSettled([shared.done(), shared.done()])
    for (const sync of syncs) sync.resolve()
    const outcomes = [...(await atOnce), ...(await later)]
    assert.deepStrictEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected", "rejected", "rejected"]
    )
    assert.lengthOf(syncs, 1)
  })
})
