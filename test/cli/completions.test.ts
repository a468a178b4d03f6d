import { writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { terminal } from "../support/terminal.ts"
import { KEYHOLE } from "./keyhole.ts"

/** Shells as they come, without anybody's settings, and how each of them takes in what is printed for it. */
const SHELLS = [
  { name: "bash", shell: ["bash", "--noprofile", "--norc"], load: 'eval "$(keyhole completions bash)"' },
  {
    name: "zsh",
    shell: ["zsh", "-f"],
    load: 'autoload -Uz compinit; compinit -D; eval "$(keyhole completions zsh)"'
  },
  {
    name: "fish",
    shell: ["fish", "--no-config"],
    load: "set -g fish_autosuggestion_enabled 0; keyhole completions fish | source"
  }
] as const

describe("keyhole completions", () => {
  it.live.each(SHELLS)(
    "complete commands, flags, values and files in a real $name",
    ({ shell, load }) =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* Effect.promise(() => writeFile(join(folder, "a-file-here"), ""))
        const here = yield* terminal({
          columns: 160,
          env: { PATH: `${dirname(KEYHOLE)}:${process.env["PATH"]}` },
          shell
        })
        yield* here.enter(`cd ${folder}; ${load}; echo ended`)
        yield* here.seen(/^ended$/mu)
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
})
