import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Health } from "../../../src/domain/Health.ts"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { layer } from "../../../src/infra/database/health.ts"
import { inMemory } from "../../support/database.ts"

const lost = Layer.mock(Database, {
  read: () => Effect.fail(new StorageUnavailable({ store: "database", cause: "lost" })),
  held: (query) => query,
  version: () => undefined
})

it.effect.each([
  ["up", inMemory],
  ["down", lost]
] as const)("the service cannot do without its database, which is %s", ([state, database]) =>
  Effect.gen(function* () {
    const { checks } = yield* Health
    expect(yield* checks).toEqual([{ name: "database", state, required: true }])
  }).pipe(Effect.provide(Layer.provide(layer, database)))
)
