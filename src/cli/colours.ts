import { Effect, Stdio } from "effect"
import { Flag } from "effect/cli"
import type { Entry } from "../domain/image/Entry.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** How a name is shown. */
export type Paint = (name: string, entry: Entry) => string

const plain: Paint = (name) => name

/** What GNU `ls` has for each kind of file unless `LS_COLORS` says otherwise (`dircolors --print-database`). */
const DEFAULTS = {
  di: "01;34",
  ln: "01;36",
  pi: "40;33",
  bd: "40;33;01",
  cd: "40;33;01",
  su: "37;41",
  sg: "30;43",
  tw: "30;42",
  ow: "34;42",
  st: "37;44",
  ex: "01;32",
  fi: ""
}
type Kind = keyof typeof DEFAULTS

const isSet = (mode: number, bits: number): boolean => (mode & bits) === bits

const ofDirectory = (mode: number): Kind => {
  if (isSet(mode, 0o1002)) return "tw"
  if (isSet(mode, 0o0002)) return "ow"
  return isSet(mode, 0o1000) ? "st" : "di"
}

const ofFile = (mode: number): Kind => {
  if (isSet(mode, 0o4000)) return "su"
  if (isSet(mode, 0o2000)) return "sg"
  return (mode & 0o111) === 0 ? "fi" : "ex"
}

const kindOf = ({ type, mode }: Entry): Kind => {
  if (type === "dir") return ofDirectory(mode)
  if (type === "file" || type === "hardlink") return ofFile(mode)
  return ({ symlink: "ln", char: "cd", block: "bd", fifo: "pi" } as const)[type]
}

/** `LS_COLORS` as kinds and endings of names. What is no colour is passed over: it goes to a terminal. */
const read = (text: string): ReadonlyArray<readonly [key: string, colour: string]> =>
  text.split(":").flatMap((part) => {
    const [, key, colour] = /^([^=]+)=([\d;]*)$/u.exec(part) ?? []
    return key === undefined || colour === undefined ? [] : [[key, colour] as const]
  })

/** Colours names as `ls --color` does. */
export const painter = ({ LS_COLORS = "" }: Environment): Paint => {
  const given = read(LS_COLORS)
  const kinds: Readonly<Record<string, string>> = { ...DEFAULTS, ...Object.fromEntries(given) }
  const endings = given.filter(([key]) => key.startsWith("*")).toReversed()
  return (name, entry) => {
    if (entry.whiteout !== undefined) return name
    const kind = kindOf(entry)
    const ending = kind === "fi" ? endings.find(([key]) => entry.path.endsWith(key.slice(1))) : undefined
    const colour = ending?.[1] ?? kinds[kind] ?? ""
    return colour === "" || colour === "0" || colour === "00" ? name : `\u001B[${colour}m${name}\u001B[0m`
  }
}

/** A terminal that can show more than text, and whose owner has not asked for less (no-color.org). */
const isWelcome = ({ NO_COLOR = "", TERM }: Environment): boolean => NO_COLOR === "" && TERM !== "dumb"

export const colourFlag = Flag.Literals("color", ["auto", "always", "never"]).pipe(
  Flag.withDescription("Colour names as ls does"),
  Flag.withDefault("auto")
)

export const paintFor = Effect.fnUntraced(function* (
  when: "auto" | "always" | "never",
  environment: Environment = process.env
) {
  const { stdoutIsTerminal } = yield* Stdio.Stdio
  const wanted = when === "auto" ? (yield* stdoutIsTerminal) && isWelcome(environment) : when === "always"
  return wanted ? painter(environment) : plain
})
