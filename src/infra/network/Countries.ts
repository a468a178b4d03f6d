import { readFile } from "node:fs/promises"
import { Effect, Layer, Option, Schema } from "effect"
import { Countries } from "../../domain/network/Countries.ts"
import { SettingsInvalid } from "../config/SettingsInvalid.ts"
import { CountrySettings } from "./CountrySettings.ts"

/** What the databases of countries and of cities have in common, whoever publishes them. */
const Place = Schema.Struct({
  country: Schema.Struct({ iso_code: Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/u)) })
})
const readPlace = Schema.decodeUnknownOption(Place)

const unusable = (file: string, why: string) => () =>
  new SettingsInvalid({
    problems: [`KEYHOLE_GEOIP must be the path of a database in MaxMind's format, and ${file} ${why}.`]
  })

const open = Effect.fnUntraced(function* (file: string) {
  const bytes = yield* Effect.tryPromise({ try: () => readFile(file), catch: unusable(file, "cannot be read") })
  const { Reader } = yield* Effect.promise(() => import("mmdb-lib"))
  return yield* Effect.try({ try: () => new Reader(bytes), catch: unusable(file, "is none") })
})

/** The answers of one database, which is in memory whole. What it holds no country for has none. */
export const layer = Layer.effect(
  Countries,
  Effect.gen(function* () {
    const { file } = yield* CountrySettings
    if (file === null) return { of: () => undefined }
    const database = yield* open(file)
    // A database of IPv4 alone throws when it is asked for IPv6, and a damaged one does anywhere.
    const find = Option.liftThrowable((ipAddress: string): unknown => database.get(ipAddress))
    return {
      of: (ipAddress: string) =>
        Option.getOrUndefined(Option.map(Option.flatMap(find(ipAddress), readPlace), ({ country }) => country.iso_code))
    }
  })
)
