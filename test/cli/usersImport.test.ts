import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { useCases } from "../support/useCases.ts"
import { unstartable, used } from "./inProcess.ts"

const HASH = "$test$anything"

/** What the command says to a file of these lines, and whom the accounts list then. */
const imported = Effect.fnUntraced(function* (...lines: ReadonlyArray<string | object>) {
  const accounts = Layer.succeedContext(yield* Layer.build(useCases))
  const application = { ...unstartable, accounts }
  const file = join(yield* temporaryFolder, "users.jsonl")
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")
  writeFileSync(file, text)
  const outcome = yield* used(`users import ${file}`, { application })
  const { stdout } = yield* used("users list", { application })
  const there = stdout.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t").slice(0, 3)]))
  return { outcome, there, again: used(`users import ${file}`, { application }) }
})

const refusal = (...faults: ReadonlyArray<string>) => ({
  status: 1,
  stdout: "",
  stderr: [...faults, "Nothing was imported."].map((line) => `keyhole: ${line}`).join("\n")
})

describe("keyhole users import", () => {
  it.effect("makes an account of every line, viewers unless it says otherwise", () =>
    Effect.gen(function* () {
      const { outcome, there } = yield* imported(
        { email: "Ada@example.com", password_hash: HASH, name: "Ada" },
        "",
        { email: "grace@example.com", password_hash: HASH, name: null, roles: ["admin", "operator", "admin"] },
        { email: "no@example.com", password_hash: HASH, roles: [] },
        ""
      )
      expect(outcome).toEqual({ status: 0, stdout: "", stderr: "3 accounts were imported." })
      expect(there).toEqual([
        ["Ada@example.com", "viewer", "enabled"],
        ["grace@example.com", "admin,operator", "enabled"],
        ["no@example.com", "", "enabled"]
      ])
    })
  )

  it.effect("names everything that is wrong with its lines, and no hash, and makes nothing", () =>
    Effect.gen(function* () {
      const { outcome, there } = yield* imported(
        { email: "ada@example.com", password_hash: HASH },
        "nonsense",
        { email: "nobody", password_hash: HASH },
        { email: "grace@example.com" },
        { email: "eve@example.com", password_hash: 1234567 },
        { email: "eve@example.com", password_hash: HASH, isAdmin: true }
      )
      expect(there).toEqual([])
      expect(outcome.status).toBe(1)
      const [json, email, missing, wrong, unknown, end, ...others] = outcome.stderr.split("\n")
      expect(json).toBe("keyhole: line 2: it is not a JSON object")
      expect(email).toMatch(/^keyhole: line 3: email: .*an email address such as ada@example\.com/u)
      expect(missing).toMatch(/^keyhole: line 4: password_hash: /u)
      expect(wrong).toMatch(/^keyhole: line 5: password_hash: /u)
      expect(unknown).toMatch(/^keyhole: line 6: isAdmin: /u)
      expect(end).toBe("keyhole: Nothing was imported.")
      expect(others).toEqual([])
      expect(outcome.stderr).not.toMatch(/1234567|\$test\$/u)
    })
  )

  it.effect("names what is wrong with the accounts, and makes none", () =>
    Effect.gen(function* () {
      const { outcome, there } = yield* imported(
        { email: "ada@example.com", password_hash: HASH },
        { email: "ADA@example.com", password_hash: HASH },
        { email: "eve@example.com", password_hash: "$2b$31$anything", roles: ["emperor"] }
      )
      expect(outcome).toEqual(
        refusal(
          "line 2: the email address is that of line 1 too",
          "line 3: the password hash is of no known form, or costs too much to check",
          "line 3: there is no role emperor"
        )
      )
      expect(there).toEqual([])
    })
  )

  it.effect("does not touch accounts that are there", () =>
    Effect.gen(function* () {
      const { again } = yield* imported({ email: "ada@example.com", password_hash: HASH })
      expect(yield* again).toEqual(refusal("line 1: there is an account with this email address"))
    })
  )

  it.effect("says that a file cannot be read", () =>
    Effect.gen(function* () {
      const { stderr } = yield* used("users import /nowhere/users.jsonl")
      expect(stderr).toBe("keyhole: /nowhere/users.jsonl cannot be read as UTF-8 text (ENOENT).")
    })
  )
})
