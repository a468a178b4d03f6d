import { fc, it as property } from "@fast-check/vitest"
import { describe, expect } from "@effect/vitest"
import { Duration, Option } from "effect"
import { bytes, count, duration, hostPorts, orNever } from "../../../src/infra/config/Kind.ts"

const read = <A>(kind: { readonly parse: (text: string) => Option.Option<A> }, text: string) =>
  Option.getOrUndefined(kind.parse(text))

const port = fc.integer({ min: 1, max: 65_535 })
const label = fc.stringMatching(/^[a-z](?:[a-z\d-]{0,10}[a-z\d])?$/u)
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."))

describe("a number of bytes", () => {
  property.prop([fc.integer({ min: 1, max: 1000 }), fc.constantFrom("", " ")])("may have a unit", (value, space) => {
    expect(read(bytes("1"), `${value}`)).toBe(value)
    expect(read(bytes("1"), `${value}${space}KiB`)).toBe(value * 1024)
    expect(read(bytes("1"), `${value}${space}MiB`)).toBe(value * 1024 * 1024)
    expect(read(bytes("1"), `${value}${space}GiB`)).toBe(value * 1024 * 1024 * 1024)
  })
})

describe("a count", () => {
  property.prop([fc.integer(), fc.nat(), fc.nat()])("is taken when it is within its bounds", (value, low, more) => {
    const fits = value >= low && value <= low + more
    expect(read(count(low, low + more), String(value))).toBe(fits ? value : undefined)
  })
})

describe("something or never", () => {
  property.prop([fc.integer({ min: 1, max: 500 })])("is what it would be, or none", (value) => {
    const kind = orNever(count(1, 100))
    expect(read(kind, `${value}`)).toEqual(value <= 100 ? Option.some(value) : undefined)
    expect(read(kind, "never")).toEqual(Option.none())
    expect(kind.accepts).toBe("a whole number from 1 to 100, or `never`")
  })
})

describe("a duration", () => {
  property.prop([fc.integer({ min: 1, max: 500 }), fc.constantFrom("seconds", "minutes", "hours", "days")])(
    "is taken when it is within its bounds",
    (value, unit) => {
      const millis = value * { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 }[unit]
      const taken = read(duration("1 minute", "1 minute", "1 day"), `${value} ${unit}`)
      const fits = millis >= 60_000 && millis <= 86_400_000
      expect(taken === undefined ? undefined : Duration.toMillis(taken)).toBe(fits ? millis : undefined)
    }
  )
})

describe("a list of hosts with ports", () => {
  property.prop([fc.array(fc.tuple(fc.oneof(name, fc.ipV4()), port), { minLength: 1, maxLength: 5 })])(
    "is read item by item, in lower case",
    (items) => {
      const list = items.map(([host, number]) => `${host}:${number}`)
      expect(read(hostPorts, list.join(", ").toUpperCase())).toEqual(list)
    }
  )

  property.prop([fc.ipV6(), port])("names an IPv6 address as a URL does", (address, number) => {
    expect(read(hostPorts, `[${address}]:${number}`)).toEqual([`${new URL(`http://[${address}]`).hostname}:${number}`])
  })
})
