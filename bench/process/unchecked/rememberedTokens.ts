import { Effect, Layer } from "effect"
import { TokenStorage } from "../../../src/domain/token/TokenStorage.ts"

/** The token storage of the database, which says that nothing is revoked without having looked. */
export const rememberedTokens = Layer.effect(
  TokenStorage,
  Effect.map(TokenStorage, (storage) => TokenStorage.of({ ...storage, get: () => Effect.succeedNone }))
)
