import { writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { terminal } from "../support/terminal.ts"
import { used } from "./inProcess.ts"
import { KEYHOLE } from "./keyhole.ts"

describe("keyhole completions", () => {
  it.live(
    "complete commands, flags, values and files in a real bash",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* Effect.promise(() => writeFile(join(folder, "a-file-here"), ""))
        const here = yield* terminal({
          env: { PATH: `${dirname(KEYHOLE)}:${process.env["PATH"]}` },
          shell: ["bash", "--noprofile", "--norc"]
        })
        yield* here.enter(`cd ${folder}; eval "$(keyhole completions bash)"; echo ended with $?`)
        yield* here.seen(/^ended with 0$/mu)
        const completed = Effect.fnUntraced(function* (typed: string, whole: string) {
          yield* here.type(typed)
          yield* here.press("Tab")
          yield* here.seen(new RegExp(`${whole}$`, "u"))
          yield* here.press("C-u")
        })
        yield* completed("keyhole pee", "keyhole peek")
        yield* completed("keyhole keys rot", "keyhole keys rotate")
        yield* completed("keyhole peek alpine --col", "--color")
        yield* completed("keyhole peek --color al", "--color always")
        yield* completed("keyhole carve --he", "--help")
        yield* completed("keyhole carve alpine /etc/motd -o a-f", "-o a-file-here")
        yield* completed("keyhole users import a-f", "import a-file-here")
        yield* completed("keyhole completions z", "completions zsh")
      }),
    240_000
  )

  it.effect("are written for zsh and fish too", () =>
    Effect.gen(function* () {
      expect((yield* used("completions zsh")).stdout).toMatch(/^#compdef keyhole\n[^]*--server[^]*\n$/u)
      expect((yield* used("completions fish")).stdout).toMatch(/complete -c keyhole [^]*-l server/u)
    })
  )
})
