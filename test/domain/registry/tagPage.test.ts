import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { gatherTags } from "../../../src/domain/registry/tagPage.ts"

const tags = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/u), { maxLength: 20 })
const limit = fc.integer({ min: 1, max: 7 })

describe("a page of tags", () => {
  test.prop([tags, limit])("leads on to the next, until every tag has been given once, in order", (all, most) => {
    const given: Array<string> = []
    let last: string | undefined
    do {
      const page = gatherTags([{ tags: all, hasMore: false }], { limit: most, ...(last === undefined ? {} : { last }) })
      assert.isAtMost(page.tags.length, most)
      given.push(...page.tags)
      last = page.next
    } while (last !== undefined)
    assert.deepStrictEqual(given, all)
  })

  test("of no tags leads nowhere, whatever is said of more", () => {
    assert.deepStrictEqual(gatherTags([], {}), { tags: [] })
    assert.deepStrictEqual(gatherTags([{ tags: [], hasMore: true }], {}), { tags: [] })
  })

  test.prop([tags, tags])(
    "is put together from what came, each tag once, and says if there is more",
    (first, second) => {
      const answers = [
        { tags: first, hasMore: true },
        { tags: second, hasMore: false }
      ]
      assert.deepStrictEqual(gatherTags(answers, {}), { tags: [...new Set([...first, ...second])] })
      const [begun] = answers.slice(0, 1)
      assert.strictEqual(gatherTags(begun === undefined ? [] : [begun], {}).next, first.at(-1))
    }
  )
})
