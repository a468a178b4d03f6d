import { expect, it } from "@effect/vitest"
import { fc, test } from "@fast-check/vitest"
import { fromPostgres, toPostgres } from "../../../../src/infra/database/postgres/text.ts"

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\0", "\u{10ffff}", "0", "e", "a", "\udbff", "\udfff") })
)

test.prop([text])("what PostgreSQL is given has no U+0000, and is what it was when it comes back", (given) => {
  expect(toPostgres(given)).not.toContain("\0")
  expect(fromPostgres(toPostgres(given))).toBe(given)
})

it("text without either of the two is left as it is", () => {
  expect(toPostgres("ada@example.com é 🔑")).toBe("ada@example.com é 🔑")
})
