import { fc, it } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { isSameOrigin, isSilent } from "../../../src/domain/session/sameOrigin.ts"

const OWN = "https://keyhole.example"
const LISTED = "https://app.example"
const home = { own: OWN, alsoAllowed: new Set([LISTED]) }

const foreign = fc
  .oneof(
    fc.webUrl({ validSchemes: ["http", "https"] }).map((url) => new URL(url).origin),
    fc.constantFrom(
      "null",
      "",
      `${OWN}.evil.example`,
      "http://keyhole.example",
      `${OWN}:8443`,
      `${OWN}/`,
      OWN.toUpperCase()
    )
  )
  .filter((origin) => origin !== OWN && origin !== LISTED)
const fetchSite = fc.constantFrom("same-origin", "same-site", "cross-site", "none", undefined)

describe("a request with a session's cookie", () => {
  it.prop([foreign, fetchSite])("from another origin is refused, whatever else it says", (origin, site) => {
    expect(isSameOrigin({ origin, fetchSite: site }, home)).toBe(false)
  })

  it("that says nothing of where it comes from is refused", () => {
    expect(isSameOrigin({ origin: undefined, fetchSite: undefined }, home)).toBe(false)
  })

  it.prop([fc.option(foreign, { nil: undefined }), fetchSite])(
    "says nothing only when it says neither",
    (origin, site) => {
      expect(isSilent({ origin, fetchSite: site })).toBe(origin === undefined && site === undefined)
    }
  )

  it.each([
    [OWN, "same-origin", true],
    [OWN, undefined, true],
    [undefined, "same-origin", true],
    [OWN, "same-site", false],
    [OWN, "cross-site", false],
    [OWN, "none", false],
    [undefined, "same-site", false],
    [undefined, "cross-site", false],
    [undefined, "none", false],
    [LISTED, "cross-site", true],
    [LISTED, "same-site", true],
    [LISTED, undefined, true],
    [LISTED, "none", false]
  ])("from the origin %s and the site %s: %s", (origin, site, accepted) => {
    expect(isSameOrigin({ origin, fetchSite: site }, home)).toBe(accepted)
  })

  it.prop([fc.option(fc.string(), { nil: undefined })])(
    "is never taken for ours by its origin when our own cannot be told",
    (origin) => {
      expect(isSameOrigin({ origin, fetchSite: undefined }, { own: undefined, alsoAllowed: new Set<string>() })).toBe(
        false
      )
    }
  )
})
