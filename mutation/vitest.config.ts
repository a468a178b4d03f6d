import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitest/config"

/** What takes a store, a tool or a server, or runs effects: too slow to be run once for every mutant. */
const SLOW = /"@effect\/vitest"|"node:(?!path")|\/support\/(?:registry|yardstick|useCases|database)/u

const tests = readdirSync("test/domain", { recursive: true, encoding: "utf8" })
  .map((path) => join("test/domain", path))
  .filter((path) => path.endsWith(".test.ts") && !SLOW.test(readFileSync(path, "utf8")))

// The tests of the policies alone, for `npm run mutation` (docs/adr/0048).
export default defineConfig({
  test: { include: tests, setupFiles: "mutation/fixedSeed.ts", testTimeout: 30_000 }
})
