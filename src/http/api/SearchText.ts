import { Schema } from "effect"

/** What to look for in names. A database may take U+0000 for the end of it, and then everything has it. */
export const searchText = (longest: number) =>
  Schema.NonEmptyString.check(
    Schema.isMaxLength(longest),
    // oxlint-disable-next-line eslint/no-control-regex -- it is the one that is refused
    Schema.isPattern(/^[^\0]*$/u, { expected: "text without U+0000" })
  )
