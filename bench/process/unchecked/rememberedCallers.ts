import { Effect, Layer } from "effect"
import { ChangeFeed } from "../../../src/infra/change/ChangeFeed.ts"
import { rememberedCallers as remembered } from "../../../src/infra/token/rememberedCallers.ts"

/** A feed that says, without having looked, that nothing changes. */
const deaf = Layer.succeed(ChangeFeed, {
  current: Effect.void,
  isCurrent: () => true,
  listen: () => Effect.void
})

/** The callers who came lately, whatever has become of their sessions. */
export const rememberedCallers = Layer.provide(remembered, deaf)
