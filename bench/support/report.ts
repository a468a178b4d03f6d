import { execFileSync } from "node:child_process"
import { cpus } from "node:os"
import type { Figure } from "./figures.ts"

export interface Section {
  readonly title: string
  readonly figures: ReadonlyArray<Figure>
}

const git = (...args: ReadonlyArray<string>): string => execFileSync("git", args, { encoding: "utf8" }).trim()

/** The code that was measured; what has been changed since its commit is said. */
const commit = (): string => {
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "src", "bin", "package-lock.json") !== ""
  return git("rev-parse", "--short", "HEAD") + (changed ? ", with changes" : "")
}

const row = (...cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const title = "# Measured"
const preface =
  "Written by `npm run bench`, each part as it was measured last. Service, load and peers share the machine; what is compared was\n" +
  "measured by turns, and a ratio is the median of the turns' ratios."

/** When, of what and on what a part was measured. */
const circumstances = (date: Date, isQuick: boolean): string =>
  `${date.toISOString().slice(0, 10)}, commit ${commit()}, Node ${process.versions.node}, ` +
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}${isQuick ? ", `--quick`: smaller layers, fewer turns" : ""}.`

const headingOf = (part: string): string => part.slice(0, part.indexOf("\n"))

const table = (figures: ReadonlyArray<Figure>): string =>
  [
    row("", "Keyhole", "aim", "beside"),
    row("---", "---", "---", "---"),
    ...figures.map(({ what, value, aim, beside }) => row(what, `**${value}**`, aim, beside))
  ].join("\n")

/** The report with these parts in the place of those it had; the others stay as they are. */
export const report = (before: string, sections: ReadonlyArray<Section>, date: Date, isQuick: boolean): string => {
  const parts = new Map(
    before
      .split(/^(?=## )/mu)
      .slice(1)
      .map((part) => [headingOf(part), part.trimEnd()])
  )
  for (const section of sections) {
    const heading = `## ${section.title}`
    parts.set(heading, `${heading}\n\n${circumstances(date, isQuick)}\n\n${table(section.figures)}`)
  }
  return `${[title, preface, ...parts.values()].join("\n\n")}\n`
}
