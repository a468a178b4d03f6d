import { describe, expect, it } from "vitest"
import { Meter } from "../../src/cli/Meter.ts"

const MB = 1_000_000

/** After a second in which something came from none to `bytes`. */
const after = (bytes: number, of?: number, name = "layer 3") => {
  const meter = new Meter()
  const gauge = { name, ...(of !== undefined && { of }) }
  meter.take([{ ...gauge, bytes: 0 }], 0)
  meter.take([{ ...gauge, bytes }], 1000)
  return meter
}

describe("a meter", () => {
  it("shows bytes, of how many, rate and time left, with a bar where there is room", () => {
    const meter = after(20 * MB, 80 * MB)
    expect(meter.lines(1000, 80, 24)).toEqual([
      "layer 3  [#######........................]    20.0/80.0 MB   20.0 MB/s   0:03"
    ])
    expect(meter.lines(1000, 40, 24)).toEqual(["layer 3    20.0/80.0 MB   0:03"])
    expect(meter.lines(1000, 20, 24)).toEqual(["layer 3    20.0/8"])
  })

  it("never fills a line: a terminal would break it, or write ^C on the next", () => {
    for (let columns = 20; columns < 200; columns++) {
      const [line = ""] = after(20 * MB, 80 * MB).lines(1000, columns, 24)
      expect(line.length).toBeLessThanOrEqual(columns - 3)
    }
  })

  it("writes sizes and times as people read them", () => {
    const line = (bytes: number, of?: number) => after(bytes, of).lines(1000, 60, 24)[0]
    expect(line(512, 999)).toContain("512/999 B")
    expect(line(500, 1500)).toContain("0.5/1.5 kB")
    expect(line(999_999, 999_999_999)).toContain("0.0/1.0 GB")
    expect(line(MB, 3725 * MB)).toMatch(/1:02:04$/u)
    // Of how many is not known.
    expect(line(12.34 * MB)).toMatch(/^layer 3 +12\.3 MB +12\.3 MB\/s$/u)
  })

  it("follows the rate of the last seconds, and says so when nothing comes", () => {
    const meter = new Meter()
    for (let second = 0; second <= 10; second++) {
      const bytes = second <= 5 ? second * 10 * MB : 50 * MB + (second - 5) * MB
      meter.take([{ name: "layer 0", bytes, of: 100 * MB }], second * 1000)
    }
    expect(meter.lines(10_000, 60, 24)).toEqual([expect.stringContaining("55.0/100.0 MB    1.0 MB/s   0:45")])
    meter.take([], 20_000)
    meter.take([], 30_000)
    expect(meter.lines(30_000, 60, 24)).toEqual([expect.stringMatching(/ 0 B\/s +-:--$/u)])
  })

  it("does not guess a rate at once", () => {
    const meter = new Meter()
    meter.take([{ name: "layer 0", bytes: 1, of: MB }], 0)
    expect(meter.lines(100, 60, 24)).toEqual([expect.stringMatching(/0\.0\/1\.0 MB +-:--$/u)])
  })

  it("shows how long nothing at all has come", () => {
    const meter = after(0)
    expect(meter.lines(100, 60, 24)).toEqual([])
    expect(meter.lines(75_000, 60, 24)).toEqual(["layer 3  1:15"])
    meter.take([{ name: "layer 3", bytes: 1 }], 80_000)
    expect(meter.lines(80_000, 60, 24)).toEqual([expect.stringMatching(/ 1 B /u)])
  })

  it("has a line for each that is under way, in order, as many as the screen has", () => {
    const meter = new Meter()
    const gauge = (layer: number, bytes: number) => ({ name: `layer ${layer}`, bytes, of: 100 })
    meter.take([gauge(10, 1), gauge(9, 1), gauge(2, 100)], 0)
    const names = (rows: number) => meter.lines(0, 60, rows).map((line) => line.slice(0, 8))
    expect(names(24)).toEqual(["layer 9 ", "layer 10"])
    expect(names(2)).toEqual(["layer 9 "])
    meter.take([gauge(9, 100)], 100)
    expect(names(24)).toEqual(["layer 10"])
    meter.take([gauge(10, 100)], 200)
    expect(names(24)).toEqual([])
  })
})
