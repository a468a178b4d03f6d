import { Effect, Option } from "effect"
import { type Setting, variable } from "./Setting.ts"
import { SettingsInvalid } from "./SettingsInvalid.ts"
import { settings, unsupported } from "./settings.ts"

const refuse = ([name, harmless]: [string, string | undefined]) =>
  Effect.flatMap(variable(name), (value) =>
    Option.isNone(value) || value.value === harmless
      ? Effect.void
      : Effect.fail(`${name} is set, and this version does not support it: unset it.`)
  )

/** A secret that is made up at the first start is lost with the disk, and differs from machine to machine. */
const secretInProduction = Effect.gen(function* () {
  const environment = yield* variable("NODE_ENV")
  const secret = yield* variable(settings.secret.name)
  if (Option.contains(environment, "production") && Option.isNone(secret)) {
    return yield* Effect.fail(`${settings.secret.name} must be set when NODE_ENV is production.`)
  }
})

const reading = ({ read }: Setting<unknown>): Effect.Effect<unknown, string> => read

/** Fails with everything that is wrong with the settings, not with the first thing only. */
export const checked = Effect.validate(
  [...Object.values(settings).map(reading), ...Object.entries(unsupported).map(refuse), secretInProduction],
  (check) => check,
  { discard: true }
).pipe(Effect.mapError((problems) => new SettingsInvalid({ problems })))
