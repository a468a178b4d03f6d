import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { policies, testsOf } from "../mutation/policies.ts"
import { loadedBy, modulesBelow, ROOMS, violations } from "./support/architecture.ts"

const SOURCE = fileURLToPath(new URL("../src", import.meta.url))

describe("the architecture", () => {
  const modules = modulesBelow(SOURCE)

  it("has every module in its room, importing only what the room may", () => {
    expect(violations(modules)).toEqual([])
  })

  it("names concrete layers nowhere but in the composition root", () => {
    const outside = modules.filter((module) => !module.path.startsWith("infra/") && module.path !== "main.ts")
    expect(outside.filter((module) => module.imports.some((name) => name.startsWith("infra/")))).toEqual([])
  })

  it("loads for the service nothing that only a command, a setting or a rare request needs", () => {
    const loaded = loadedBy("main.ts", modules)
    expect(loaded).toContain("http/App.ts")
    expect(loaded).toContain("express")
    expect(loaded).not.toContain("cli/keyhole.ts")
    expect(
      [...loaded].filter((name) => name.startsWith("client/") || name.startsWith("infra/database/postgres/open"))
    ).toEqual([])
    const rare =
      /^(?:@effect\/|@node-rs\/bcrypt|@zxcvbn|effect\/(?:cli|http|http-api|observability)$|esbuild|mmdb|pg$|redis)/u
    expect([...loaded].filter((name) => rare.test(name))).toEqual([])
  })

  it("has the tests of every policy at its own path", () => {
    expect(policies).toContain("src/domain/access/authorize.ts")
    expect(policies.map(testsOf).filter((path) => !existsSync(path))).toEqual([])
  })

  // A check that sees nothing finds nothing: these fail when the reader of modules goes blind.
  describe("canary", () => {
    const tree = mkdtempSync(join(tmpdir(), "keyhole-architecture-"))
    afterAll(() => rmSync(tree, { recursive: true }))

    const plant = (path: string, text: string) => {
      mkdirSync(dirname(join(tree, path)), { recursive: true })
      writeFileSync(join(tree, path), text)
    }

    it("sees the modules and imports of the real tree", () => {
      for (const room of ROOMS) {
        expect(
          modules.some((module) => module.path.startsWith(room.at) && module.imports.length > 0),
          room.name
        ).toBe(true)
      }
    })

    it.each([
      ["domain/a.ts", `import { Effect } from "effect"\nimport { readFileSync } from "node:fs"`, "node:fs"],
      ["domain/b.ts", `import type { X } from "../infra/database/Database.ts"`, "infra/database/Database.ts"],
      ["domain/c.ts", `import {\n  Tar\n} from "effect/encoding"`, "effect/encoding"],
      ["domain/d.ts", `export * from "../http/problem.ts"`, "http/problem.ts"],
      ["domain/e.ts", `const late = await import("express")`, "express"],
      ["domain/f.ts", `export const now = () => Date.now()`, "Date.now"],
      ["infra/g.ts", `import { problem } from "../http/problem.ts"`, "http/problem.ts"],
      ["infra/h.ts", `import express from "express"`, "express"],
      ["http/i.ts", `import { Database } from "../infra/database/Database.ts"`, "infra/database/Database.ts"],
      ["http/api/j.ts", `import express from "express"`, "express"],
      ["cli/k.ts", `import { layer } from "../infra/config/Settings.ts"`, "infra/config/Settings.ts"],
      ["client/l.ts", `import { connect } from "node:net"`, "node:net"],
      ["console/m.tsx", `import type { User } from "../domain/identity/User.ts"`, "domain/identity/User.ts"],
      ["domain/utils.ts", ``, "domain/utils.ts"],
      ["elsewhere/l.ts", ``, "elsewhere/l.ts"],
      ["domain/long.ts", "\n".repeat(300), "300"]
    ])("a planted violation in %s is found", (path, text, found) => {
      plant(path, text)
      expect(violations(modulesBelow(tree)).filter((each) => each.path === path)).toMatchObject([{ found }])
    })

    it("is not deceived by a comment", () => {
      plant("domain/m.ts", `// import x from "express"\n/* Date.now() */\nexport const m = 1`)
      expect(violations(modulesBelow(tree)).filter((each) => each.path === "domain/m.ts")).toEqual([])
    })
  })
})
