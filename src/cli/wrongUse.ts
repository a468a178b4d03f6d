import type { CliError } from "effect/cli"

const reasonOf = (expected: string): string => expected.replace(/^Schema validation failed: /u, "")

const invalid = ({ kind, option, value, expected }: CliError.InvalidValue): string => {
  if (kind === "flag" && value === "") return `Missing value for flag --${option}`
  const name = kind === "flag" ? `flag --${option}` : `argument <${option}>`
  return `Invalid value for ${name}: "${value}"; ${reasonOf(expected)}`
}

const meant = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

/** What was wrong with a command line, in one line: the library says it in several, and in words of its own. */
export const wrongUse = (error: CliError.CliError): string => {
  if (error._tag === "InvalidValue") return invalid(error)
  if (error._tag === "UnknownSubcommand") return `Unknown subcommand "${error.subcommand}"${meant(error.suggestions)}`
  if (error._tag === "UnrecognizedOption") return `Unrecognized flag: ${error.option}${meant(error.suggestions)}`
  return error.message
}
