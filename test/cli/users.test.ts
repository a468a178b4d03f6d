import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { RoleName } from "../../src/domain/access/Role.ts"
import { RoleRepository } from "../../src/domain/access/RoleRepository.ts"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { useCases } from "../support/useCases.ts"
import { unstartable, used } from "./inProcess.ts"
import { keyhole } from "./keyhole.ts"

const PASSWORD = "correct horse battery staple"

const installation = Effect.map(temporaryFolder, (KEYHOLE_DATA_DIR) => ({
  KEYHOLE_DATA_DIR,
  KEYHOLE_ARGON2_MEMORY: "1024"
}))

describe("keyhole users", () => {
  it.live("creates an account with the password from standard input, gives it a role, and lists it", () =>
    Effect.gen(function* () {
      const env = yield* installation
      const made = yield* keyhole(["users", "create", "Ada@example.com"], env, `${PASSWORD}\n`)
      expect(made).toMatchObject({ status: 0, stderr: "Ada@example.com can sign in, as viewer.\n" })
      const id = made.stdout.trim()
      const admin = ["users", "create", "grace@example.com", "--role", "admin"]
      expect(yield* keyhole(admin, env, `${PASSWORD}\r\n`)).toMatchObject({ status: 0 })

      const grant = ["users", "grant", "ada@EXAMPLE.com", "operator"]
      expect(yield* keyhole(grant, env)).toEqual({
        status: 0,
        stdout: "",
        stderr: "ada@EXAMPLE.com has the role operator now.\n"
      })
      expect((yield* keyhole(grant, env)).stderr).toBe("ada@EXAMPLE.com had the role operator already.\n")

      const { status, stdout, stderr } = yield* keyhole(["users", "list"], env)
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
      const [ada, grace, ...others] = stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"))
      expect(others).toEqual([])
      expect(ada).toEqual(["Ada@example.com", "operator,viewer", "enabled", expect.stringMatching(/Z$/u), "never", id])
      expect(grace?.slice(0, 3)).toEqual(["grace@example.com", "admin", "enabled"])
    })
  )

  it.effect("takes a role that was defined as data, to create an account with and to grant", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(useCases)
      yield* Context.get(context, RoleRepository).define(RoleName.make("auditor"), ["event:read"])
      const application = { ...unstartable, accounts: Layer.succeedContext(context) }
      const made = yield* used("users create ada@example.com --role auditor", { application, input: PASSWORD })
      expect(made).toMatchObject({ status: 0, stderr: "ada@example.com can sign in, as auditor." })
      yield* used("users create bob@example.com", { application, input: PASSWORD })
      expect(yield* used("users grant bob@example.com auditor", { application })).toMatchObject({
        status: 0,
        stderr: "bob@example.com has the role auditor now."
      })
      const events = yield* Context.get(context, EventLog).page({ limit: 10 })
      expect(events.map(({ type, actorId, detail }) => ({ type, actorId, detail }))).toEqual([
        { type: "roles.changed", actorId: null, detail: { granted: "auditor" } },
        { type: "user.registered", actorId: null, detail: { role: "viewer" } },
        { type: "user.registered", actorId: null, detail: { role: "auditor" } }
      ])
    })
  )

  it.effect.each([
    { line: "create ada@example.com", input: "short\n", says: "WeakPassword" },
    { line: "create ada@example.com", input: "\n", says: "No password was given." },
    { line: "create ada@example.com", input: "x".repeat(100_000), says: "Standard input does not hold a password." },
    { line: "create ada@example.com --role emperor", input: PASSWORD, says: "There is no role emperor" },
    { line: "grant nobody@example.com emperor", input: "", says: "There is no role emperor" },
    { line: "grant nobody@example.com admin", input: "", says: "There is no user nobody@example.com" }
  ])("fails with one line for '$line', and makes nothing", ({ line, input, says }) =>
    Effect.gen(function* () {
      const accounts = Layer.succeedContext(yield* Layer.build(useCases))
      const application = { ...unstartable, accounts }
      const failed = { status: 1, stdout: "", stderr: `keyhole: ${says}` }
      expect(yield* used(`users ${line}`, { application, input })).toEqual(failed)
      expect(yield* used("users list", { application })).toEqual({ status: 0, stdout: "", stderr: "" })
    })
  )
})
