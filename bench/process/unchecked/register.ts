import { registerHooks } from "node:module"

// Loaded before the service (`--import`): its storage of revocations is another one, everything else is the service's own.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.endsWith("/token/rememberedTokens.ts")
        ? new URL("rememberedTokens.ts", import.meta.url).href
        : specifier,
      context
    )
})
