import { expect, it } from "vitest"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"

it("says which store is away, to whoever starts a service without it", () => {
  const message = (store: "database" | "redis") => new StorageUnavailable({ store, cause: "a secret" }).message
  expect(message("database")).toBe("The database cannot be reached, or does not answer in time.")
  expect(message("redis")).toBe("The Redis server cannot be reached, or does not answer in time.")
})
