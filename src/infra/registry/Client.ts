import type { Effect } from "effect"
import type { Reference } from "../../domain/registry/Reference.ts"
import type { RegistryError, RegistrySessionClosed } from "../../domain/registry/RegistryError.ts"
import type { ConnectionLost, Send } from "./Exchange.ts"
import type { ManifestMemory } from "./manifestMemory.ts"
import type { Settings } from "./RegistrySettings.ts"

/** What the operations of one session share. */
export interface Client {
  readonly reference: Reference
  /** `https://host/v2/{repository}/`, under which everything of the repository is found. */
  readonly base: URL
  readonly settings: Settings
  readonly memory: ManifestMemory
  /** Ends work with the session: whoever is still at it, or comes later, gets `RegistrySessionClosed`. */
  readonly whileOpen: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | RegistrySessionClosed, R>
  readonly ensureOpen: Effect.Effect<void, RegistrySessionClosed>
  /** Proves who asks, follows redirects. */
  readonly send: Send<RegistryError | ConnectionLost>
  /** Shows nothing to anybody: for addresses that are not the registry's. */
  readonly sendBare: Send<RegistryError | ConnectionLost>
}
