import { fc } from "@fast-check/vitest"

// Stryker finds a test by its name, which for a property has the seed in it.
fc.configureGlobal({ seed: 48 })
