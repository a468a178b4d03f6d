import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Countries } from "../../../src/domain/network/Countries.ts"
import { layer } from "../../../src/infra/network/Countries.ts"
import { CountrySettings } from "../../../src/infra/network/CountrySettings.ts"
import { mmdb } from "../../support/mmdb.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const from = (file: string | null) => Layer.provide(layer, Layer.succeed(CountrySettings, { file }))

const written = Effect.fnUntraced(function* (bytes: Uint8Array) {
  const file = join(yield* temporaryFolder, "countries.mmdb")
  writeFileSync(file, bytes)
  return file
})

const database = mmdb({
  "192.0.2.0/24": { country: { iso_code: "DE", names: { en: "Germany" } }, city: { names: { en: "Berlin" } } },
  "198.51.100.128/25": { country: { iso_code: "PT" } },
  "203.0.113.0/24": { autonomous_system_organization: "somebody" },
  "203.0.112.0/24": { country: { iso_code: "<b>" } },
  "2001:db8::/32": { country: { iso_code: "IS" } }
})

describe("the country of an address", () => {
  it.live("is what the database says, and nothing where it says nothing of the kind", () =>
    Effect.gen(function* () {
      const file = yield* written(database)
      const { of } = yield* Effect.provide(Countries, from(file))
      const asked = [
        "192.0.2.7",
        "198.51.100.200",
        "198.51.100.1",
        "203.0.113.1",
        "203.0.112.1",
        "2001:db8:1::2",
        "::1",
        "no address"
      ]
      assert.deepStrictEqual(asked.map(of), ["DE", "PT", undefined, undefined, undefined, "IS", undefined, undefined])
    })
  )

  it.effect("is nobody's business unless a database is configured", () =>
    Effect.gen(function* () {
      const { of } = yield* Countries
      assert.isUndefined(of("192.0.2.7"))
    }).pipe(Effect.provide(from(null)))
  )
})

describe("a database that cannot be used", () => {
  it.live.each([
    ["is not there", undefined, /KEYHOLE_GEOIP must be .*, and .* cannot be read\.$/u],
    ["is none", Buffer.from("these are no countries"), /KEYHOLE_GEOIP must be .*, and .* is none\.$/u],
    ["is empty", Buffer.alloc(0), /KEYHOLE_GEOIP must be .*, and .* is none\.$/u]
  ] as const)("because it %s keeps the service from starting, with a sentence", ([_what, bytes, sentence]) =>
    Effect.gen(function* () {
      const file = bytes === undefined ? join(yield* temporaryFolder, "nowhere.mmdb") : yield* written(bytes)
      const error = yield* Effect.flip(Effect.provide(Countries, from(file)))
      assert.match(error.message, sentence)
    })
  )
})
