import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { used } from "./inProcess.ts"

describe("keyhole", () => {
  it.effect("prints help where it is asked for, to standard output", () =>
    Effect.gen(function* () {
      for (const path of [
        "",
        " serve",
        " migrate",
        " users",
        " users create",
        " keys",
        " keys rotate",
        " keys list",
        " peek",
        " carve",
        " login",
        " logout",
        " completions"
      ]) {
        const { status, stdout, stderr } = yield* used(`${path} --help`)
        expect({ status, stderr }, path).toEqual({ status: 0, stderr: "" })
        expect(stdout).toContain(`keyhole${path}`)
        // On a terminal of the usual width no line is broken.
        expect(stdout.split("\n").filter(({ length }) => length > 80)).toEqual([])
      }
    })
  )

  it.effect("prints its version, wherever it is asked for it", () =>
    Effect.gen(function* () {
      const version = { status: 0, stdout: "keyhole v1.2.3", stderr: "" }
      expect(yield* used("--version")).toEqual(version)
      expect(yield* used("users list --version")).toEqual(version)
    })
  )

  it.effect.each([
    { line: "", says: "USAGE" },
    { line: "users", says: "USAGE" },
    { line: "open", says: 'Unknown subcommand "open"' },
    { line: "peek", says: "Missing required argument: image" },
    { line: "pek alpine", says: 'keyhole: Unknown subcommand "pek"; did you mean peek?\nTry: keyhole --help' },
    { line: "peek alpine --layr 1", says: "Unrecognized flag: --layr; did you mean --layer?" },
    {
      line: "peek Not/An/Image",
      says: 'Invalid value for argument <image>: "Not/An/Image"; a repository\'s name is lower case'
    },
    {
      line: "peek alpine --platform linux",
      says: 'Invalid value for flag --platform: "linux"; a platform is written os/arch or os/arch/variant'
    },
    { line: "peek alpine --path", says: "Missing value for flag --path\n" },
    { line: "peek alpine extra", says: 'Unexpected positional argument: "extra"' },
    {
      line: "peek alpine --server localhost:8080",
      says: 'Invalid value for flag --server: "localhost:8080"; a server is written https://host or http://host:port'
    },
    { line: "completions tcsh", says: 'Invalid value for argument <shell>: "tcsh"' },
    { line: "peek alpine --color pink", says: 'Invalid value for flag --color: "pink"' },
    { line: "carve alpine", says: "Missing required argument: path" },
    { line: "keys", says: "USAGE" },
    { line: "keys rotate now", says: 'Unexpected positional argument: "now"' },
    {
      line: "users create nobody",
      says: 'Invalid value for argument <email>: "nobody"; Expected an email address such as ada@example.com'
    },
    { line: "users grant ada@example.com Emperor!", says: "a lower-case name" }
  ])("takes 'keyhole $line' for wrong use: says so on standard error, and ends with 2", ({ line, says }) =>
    Effect.gen(function* () {
      const { status, stdout, stderr } = yield* used(line)
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
      expect(stderr).toContain(says)
    })
  )

  it.effect.each([
    { line: "login", says: "Which server? Name it, or set KEYHOLE_SERVER." },
    { line: "logout", says: "Which server?" },
    {
      line: "login https://keyhole.invalid",
      says: "There is no terminal to ask on. Try: --email and --password-stdin"
    },
    { line: "login https://keyhole.invalid --password-stdin", says: "the account is named by --email" },
    { line: "login http://keyhole.invalid", says: "can be read on the way: it is not https." }
  ])("says what is missing for 'keyhole $line', and ends with 1", ({ line, says }) =>
    Effect.gen(function* () {
      const { status, stdout, stderr } = yield* used(line)
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
      expect(stderr).toContain(says)
    })
  )

  it.effect.each([
    "serve",
    "migrate",
    "users list",
    "users grant ada@example.com admin",
    "keys rotate",
    "keys list",
    "peek alpine",
    "carve alpine /etc/motd"
  ])("says in one line why 'keyhole %s' could not start, and ends with 1", (line) =>
    Effect.gen(function* () {
      const stderr = "keyhole: PORT must be a whole number."
      expect(yield* used(line)).toEqual({ status: 1, stdout: "", stderr })
    })
  )
})
