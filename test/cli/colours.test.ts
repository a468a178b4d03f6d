import { describe, expect, it } from "@effect/vitest"
import { Effect, Stdio } from "effect"
import { paintFor, painter } from "../../src/cli/colours.ts"
import type { Entry } from "../../src/domain/image/Entry.ts"

const file: Entry = { path: "/f.tar", type: "file", mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 }
const painted = (colour: string) => `\u001B[${colour}mname\u001B[0m`

describe("colours", () => {
  it.each([
    [{ type: "dir", mode: 0o755 }, "01;34"],
    [{ type: "dir", mode: 0o1777 }, "30;42"],
    [{ type: "dir", mode: 0o777 }, "34;42"],
    [{ type: "dir", mode: 0o1755 }, "37;44"],
    [{ type: "symlink", mode: 0o777 }, "01;36"],
    [{ type: "file", mode: 0o755 }, "01;32"],
    [{ type: "file", mode: 0o010 }, "01;32"],
    [{ type: "file", mode: 0o4755 }, "37;41"],
    [{ type: "hardlink", mode: 0o2755 }, "30;43"],
    [{ type: "char", mode: 0o666 }, "40;33;01"],
    [{ type: "block", mode: 0o660 }, "40;33;01"],
    [{ type: "fifo", mode: 0o644 }, "40;33"]
  ] as const)("are for %o those of ls", (entry, colour) => {
    expect(painter({})("name", { ...file, ...entry })).toBe(painted(colour))
  })

  it("are none for files like any other, nor for what a layer deletes", () => {
    expect(painter({})("name", file)).toBe("name")
    expect(painter({})("name", { ...file, mode: 0o755, whiteout: "file" })).toBe("name")
  })

  it("are those of LS_COLORS, of which nothing but colours reaches the terminal", () => {
    const paint = painter({ LS_COLORS: "di=35:ex=00:*.tar=31:*.t=\u001B]0;x\u0007:ln=\u001B[2J:nonsense" })
    expect(paint("name", { ...file, type: "dir" })).toBe(painted("35"))
    expect(paint("name", file)).toBe(painted("31"))
    expect(paint("name", { ...file, mode: 0o755 })).toBe("name")
    expect(paint("name", { ...file, path: "/f.t" })).toBe("name")
    expect(paint("name", { ...file, type: "symlink" })).toBe(painted("01;36"))
  })

  it.effect.each([
    { when: "auto", terminal: true, environment: {}, coloured: true },
    { when: "auto", terminal: false, environment: {}, coloured: false },
    { when: "auto", terminal: true, environment: { NO_COLOR: "1" }, coloured: false },
    { when: "auto", terminal: true, environment: { NO_COLOR: "" }, coloured: true },
    { when: "auto", terminal: true, environment: { TERM: "dumb" }, coloured: false },
    { when: "always", terminal: false, environment: { NO_COLOR: "1" }, coloured: true },
    { when: "never", terminal: true, environment: {}, coloured: false }
  ] as const)("are shown, or not, as was asked for: %o", ({ when, terminal, environment, coloured }) =>
    Effect.gen(function* () {
      const paint = yield* paintFor(when, environment)
      expect(paint("name", { ...file, type: "dir" }) !== "name").toBe(coloured)
    }).pipe(Effect.provide(Stdio.layerTest({ stdoutIsTerminal: Effect.succeed(terminal) })))
  )
})
