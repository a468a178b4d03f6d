import { fc } from "@fast-check/vitest"
import { inject } from "vitest"

declare module "vitest" {
  interface ProvidedContext {
    /** What Stryker is about: "dry-run" finds out which tests reach which mutants. */
    readonly mode?: "dry-run" | "mutant"
    /** A "static" mutant is there while modules are loaded, any other only while tests run. */
    readonly mutantActivation?: "static" | "runtime"
  }
}

// Stryker finds a test by its name, which for a property has the seed in it.
fc.configureGlobal({ seed: 48 })

// A thread outlives a mutant (keptThread.ts): what the one before left behind must not be there when modules are loaded anew.
const stryker: unknown = Reflect.get(globalThis, "__stryker__")
if (typeof stryker === "object" && stryker !== null) {
  if (inject("mode") === "dry-run") Reflect.deleteProperty(stryker, "mutantCoverage")
  else if (inject("mutantActivation") !== "static") Reflect.deleteProperty(stryker, "activeMutant")
}
