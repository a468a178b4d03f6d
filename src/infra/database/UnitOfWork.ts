import { Effect, Layer } from "effect"
import { UnitOfWork } from "../../domain/storage/UnitOfWork.ts"
import { Database } from "./Database.ts"

export const layer = Layer.effect(
  UnitOfWork,
  Effect.map(Database, ({ transaction }) => UnitOfWork.of({ transaction }))
)
