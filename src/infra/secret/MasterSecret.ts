import { Context, Effect, Layer, Option, Redacted } from "effect"
import { generatedSecret } from "./generatedSecret.ts"
import { MasterSecretSettings } from "./MasterSecretSettings.ts"
import { MasterSecretUnusable } from "./MasterSecretUnusable.ts"
import { secretFault } from "./secretFault.ts"

/** What everything that is encrypted at rest hangs on. */
export class MasterSecret extends Context.Service<MasterSecret, { readonly bytes: Redacted.Redacted<Uint8Array> }>()(
  "keyhole/infra/secret/MasterSecret"
) {}

export const layer = Layer.effect(
  MasterSecret,
  Effect.gen(function* () {
    const { given, dataDirectory } = yield* MasterSecretSettings
    const generated = generatedSecret(dataDirectory)
    const secret = Option.isSome(given) ? given.value : yield* generated.read
    const fault = secretFault(Redacted.value(secret))
    if (fault !== undefined) {
      const what = Option.isSome(given) ? "KEYHOLE_SECRET" : `The generated secret ${generated.path}`
      return yield* new MasterSecretUnusable({ message: `${what} ${fault}.` })
    }
    return { bytes: Redacted.make(new TextEncoder().encode(Redacted.value(secret))) }
  })
)
