import { Effect, Option } from "effect"
import { type Setting, variable } from "./Setting.ts"
import { SettingsInvalid } from "./SettingsInvalid.ts"
import { settings } from "./settings.ts"

/** A secret that is made up at the first start is lost with the disk, and differs from machine to machine. */
export const secretInProduction = Effect.gen(function* () {
  const environment = yield* variable("NODE_ENV")
  const secret = yield* variable(settings.secret.name)
  if (Option.contains(environment, "production") && Option.isNone(secret)) {
    return yield* Effect.fail(`${settings.secret.name} must be set when NODE_ENV is production.`)
  }
})

const reading = ({ read }: Setting<unknown>): Effect.Effect<unknown, string> => read

/** Fails with everything that is wrong with these settings, not with the first thing only; others may be wrong. */
export const checked = (
  settingsInUse: ReadonlyArray<Setting<unknown>>,
  ...more: ReadonlyArray<Effect.Effect<void, string>>
): Effect.Effect<void, SettingsInvalid> =>
  Effect.validate([...new Set(settingsInUse).values().map(reading), ...more], (check) => check, { discard: true }).pipe(
    Effect.mapError((problems) => new SettingsInvalid({ problems }))
  )
