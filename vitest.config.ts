import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/globalSetup.ts",
    // Much of the time is spent waiting for processes: one worker a core, instead of one core left idle.
    maxWorkers: "100%",
    // Tests that make hundreds of databases do so in memory, unless they are asked not to.
    testTimeout: process.env["KEYHOLE_TEST_DATABASE"] === "postgres" ? 240_000 : 30_000,
    hookTimeout: 120_000,
    // Other processes, a browser's among them, have what they learn from each other when they have it.
    expect: { poll: { timeout: 20_000 } },
    // Asked for with `npm run coverage`. Every file counts, and one that no test loads is an error too.
    coverage: {
      include: ["src/domain/**"],
      reporter: [["text", { skipFull: true }]],
      thresholds: { 100: true }
    }
  }
})
