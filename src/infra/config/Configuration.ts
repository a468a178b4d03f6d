import { Effect, Layer } from "effect"
import { checked, secretInProduction } from "./checked.ts"
import { type Group, merge } from "./Group.ts"
import { ofAccounts, ofDatabase, ofImages, ofKeys } from "./groups.ts"
import { ofService } from "./ofService.ts"
import { settings } from "./settings.ts"

/** A group's plain values, when its settings are right; what was checked cannot fail to be read. */
const valuesOf = <A>(group: Group<A>, ...more: ReadonlyArray<Effect.Effect<void, string>>) =>
  Layer.unwrap(Effect.as(checked(group.settings, ...more), Layer.orDie(group.layer)))

/** The configuration as the plain values that everything else works with. */
export const layer = valuesOf(
  {
    settings: ofService.settings,
    layer: Layer.mergeAll(ofDatabase.layer, ofAccounts.layer, ofKeys.layer, ofImages.layer, ofService.layer)
  },
  secretInProduction
)

/** What works with the database alone. */
export const database = valuesOf(ofDatabase)

/** What works with accounts: a command for them should not fail over the port of a service it does not start. */
export const accounts = valuesOf(merge(ofDatabase, ofAccounts))

/** What works with the signing keys. */
export const keys = valuesOf(merge(ofDatabase, ofKeys), secretInProduction)

/** What works with images alone. */
export const images = valuesOf(ofImages)

/** The server that the command line asks. */
export const server = Effect.andThen(checked([settings.server]), Effect.orDie(settings.server.read))
