import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/globalSetup.ts",
    // Much of the time is spent waiting for processes: one worker a core, instead of one core left idle.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 120_000
  }
})
