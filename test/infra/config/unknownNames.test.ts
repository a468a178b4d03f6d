import { expect, it } from "vitest"
import { documented } from "../../../src/infra/config/settings.ts"
import { unknownNames } from "../../../src/infra/config/unknownNames.ts"

it("says of each name that looks like a setting and is none what it may have been meant to be", () => {
  expect(unknownNames(["PATH", "KEYHOLE_RATE_LIMT", "KEYHOLE_SERVICE_HOST", "KEYHOLE_LAYER_MAXBYTES"])).toEqual([
    "KEYHOLE_LAYER_MAXBYTES is set, and there is no such setting; is KEYHOLE_LAYER_MAX_BYTES meant?",
    "KEYHOLE_RATE_LIMT is set, and there is no such setting; is KEYHOLE_RATE_LIMIT meant?",
    "KEYHOLE_SERVICE_HOST is set, and there is no such setting"
  ])
})

it("has nothing to say of the settings that there are", () => {
  expect(unknownNames(documented.map(({ name }) => name))).toEqual([])
})
