import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** A use case, a port, a stream: they carry decisions out. */
const NO_POLICY = /\b(?:Context\.\w+<|Effect\.(?:fn|fnUntraced|gen|map|flatMap)\b|Stream\.)/u
/** What only names things has nothing to decide. */
const HAS_FUNCTION = /=>|\bfunction\b|\bclass \w+ \{/u
/** The reader of archives is a machine; other readers of the same archives are its yardstick. */
const READER = join("image", "layer", "")

const policies = readdirSync("src/domain", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith(READER))
  .map((path) => join("src/domain", path))
  .filter((path) => {
    const text = readFileSync(path, "utf8")
    return HAS_FUNCTION.test(text) && !NO_POLICY.test(text)
  })

// `npm run mutation`, and `npm run mutation -- --mutate FILE` for one of them (docs/adr/0048).
export default {
  mutate: policies,
  testRunner: "vitest",
  vitest: { configFile: "mutation/vitest.config.ts" },
  coverageAnalysis: "perTest",
  // It would be rewritten through an interface that TypeScript 7 does not have; nothing here reads it.
  tsconfigFile: "none",
  concurrency: 2,
  timeoutMS: 20_000,
  thresholds: { high: 95, low: 90, break: 85 },
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: "coverage/mutation.json" },
  tempDirName: "coverage/mutants",
  ignorePatterns: [".cache", "coverage", "data"]
}
