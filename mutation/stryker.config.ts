import { policies } from "./policies.ts"

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
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ["clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: "coverage/mutation.json" },
  tempDirName: "coverage/mutants",
  ignorePatterns: [".cache", "coverage", "data"]
}
