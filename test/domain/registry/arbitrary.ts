import { fc } from "@fast-check/vitest"

export const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`, "u"))

/** Texts put together from pieces that mean something to whoever reads them. */
export const words = (pieces: ReadonlyArray<string>) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((some) => some.join(""))
