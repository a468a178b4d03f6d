import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { keptThread } from "./keptThread.ts"
import { testsOf } from "./policies.ts"

/** What takes a store, a tool or a server, or runs effects: too slow to be run once for every mutant. */
const SLOW = /"@effect\/vitest"|"node:(?!path")|\/support\/(?:registry|yardstick|useCases|database)/u

const tests = readdirSync("test/domain", { recursive: true, encoding: "utf8" })
  .map((path) => join("test/domain", path))
  .filter((path) => path.endsWith(".test.ts") && !SLOW.test(readFileSync(path, "utf8")))

/** The tests at a policy's own path come first: they notice most of its mutants, and nothing is run after the first that does. */
class OwnTestsFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const own = new Set(this.ctx.config.related?.map(testsOf))
    return files.toSorted((one, other) => Number(own.has(other.moduleId)) - Number(own.has(one.moduleId)))
  }
}

// The tests of the policies alone, for `npm run mutation` (docs/adr/0048).
export default defineConfig({
  plugins: [
    {
      name: "keyhole:kept-thread",
      // Stryker names the pool itself, and only those that vitest brings along.
      configureVitest: ({ project }) => {
        Object.assign(project.config, { pool: keptThread.name, poolRunner: keptThread })
      }
    }
  ],
  test: {
    include: tests,
    setupFiles: "mutation/setup.ts",
    testTimeout: 30_000,
    sequence: { sequencer: OwnTestsFirst, setupFiles: "list" }
  }
})
