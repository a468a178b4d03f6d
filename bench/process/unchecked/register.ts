import { registerHooks } from "node:module"

const OTHER = new URL("rememberedCallers.ts", import.meta.url).href

// Loaded before the service (`--import`): what it remembers of callers is never looked after, everything else is the service's own.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.endsWith("/token/rememberedCallers.ts") && context.parentURL !== OTHER ? OTHER : specifier, context)
})
