import { describe, expect, it } from "vitest"
import { deviceOf } from "../../../src/http/view/session.ts"

describe("the device of a session", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      "Mobile Safari on iOS"
    ],
    ["curl/8.5.0", "curl"],
    ["something without a version", null],
    ["", null]
  ])("of the agent %j is %j", (agent, device) => {
    expect(deviceOf(agent)).toBe(device)
  })

  it("is not known of a client that does not say", () => {
    expect(deviceOf(null)).toBeNull()
  })

  it("is short, however long the agent", () => {
    expect(deviceOf(`${"a".repeat(10_000)}/1`)).toBeNull()
  })
})
