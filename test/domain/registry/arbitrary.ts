import { fc } from "@fast-check/vitest"

export const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`, "u"))

/** Texts put together from pieces that mean something to whoever reads them. */
export const words = (pieces: ReadonlyArray<string>) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((some) => some.join(""))

/** Platforms of several kinds and ages, as they are written. */
export const platformName = fc.constantFrom(
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/arm/v6",
  "linux/amd64/v3",
  "windows/amd64",
  "linux/s390x"
)
