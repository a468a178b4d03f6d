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

const table = ({ title, figures }: Section): string =>
  [
    `## ${title}`,
    "",
    row("", "Keyhole", "aim", "beside"),
    row("---", "---", "---", "---"),
    ...figures.map(({ what, value, aim, beside }) => row(what, `**${value}**`, aim, beside))
  ].join("\n")

/** The report, with all that a reader needs to weigh it. */
export const report = (sections: ReadonlyArray<Section>, date: Date, isQuick: boolean): string =>
  [
    "# Measured",
    `${date.toISOString().slice(0, 10)}, commit ${commit()}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}` +
      `${isQuick ? ", `--quick`: smaller layers, fewer turns" : ""}. Written by \`npm run bench\`. Service, load and peers share the machine; what is\n` +
      "compared was measured by turns, and a ratio is the median of the turns' ratios.",
    ...sections.map(table),
    ""
  ].join("\n\n")
