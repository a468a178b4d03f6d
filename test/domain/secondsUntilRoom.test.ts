import { describe, expect, it } from "vitest"
import { secondsUntilRoom } from "../../src/domain/secondsUntilRoom.ts"

describe("secondsUntilRoom", () => {
  it.each([
    { ahead: 66, atOnce: 2, lastMillis: 100, seconds: 4 },
    { ahead: 66, atOnce: 1, lastMillis: 100, seconds: 7 },
    { ahead: 16, atOnce: 16, lastMillis: 2000, seconds: 2 }
  ])("is the time that $ahead take, $atOnce at once, $lastMillis ms each, in whole seconds", (each) => {
    expect(secondsUntilRoom(each.ahead, each.atOnce, each.lastMillis)).toBe(each.seconds)
  })

  it("is a second at least, also when nothing is known of how long one takes", () => {
    expect(secondsUntilRoom(64, 2, 0)).toBe(1)
  })

  it("is a minute at most, however long the last one took", () => {
    expect(secondsUntilRoom(64, 1, 600_000)).toBe(60)
  })
})
