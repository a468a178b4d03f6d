import { Effect } from "effect"
import { registryTools } from "./registry/command.ts"

/** What the tests need of the machine is looked for once, before any of them, and installed where that is possible. */
export const setup = () => Effect.runPromise(registryTools)
