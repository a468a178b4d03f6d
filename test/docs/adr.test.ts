import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
const FOLDER = `${ROOT}docs/adr/`

const FILES = readdirSync(FOLDER).filter((name) => /^\d{4}-/u.test(name))
const INDEX = readFileSync(`${FOLDER}README.md`, "utf8")

/** The sections of a record, in their order; what could not be reached may have one of its own. */
const SECTIONS = /^Context,Options,Decision,Evidence,(?:The limit,)?Consequences,Confirmation$/u

/** More would be no page any more. */
const LONGEST = 6500

const isThere = (path: string): boolean =>
  [path, `${path}.ts`, `${path}.test.ts`].some((each) => existsSync(ROOT + each))

describe("the decisions", () => {
  it("are read from the folder", () => expect(FILES.length).toBeGreaterThan(40))

  it.each(FILES)("%s has a number, a status with its date, and every section, on one page", (name) => {
    const text = readFileSync(FOLDER + name, "utf8")
    expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `, "u"))
    expect(text).toMatch(/^Status: (?:accepted|superseded by \[\d+\]\([\w-]+\.md\)), \d{4}-\d\d-\d\d/mu)
    expect([...text.matchAll(/^## (.+)$/gmu)].map(([, title]) => title).join()).toMatch(SECTIONS)
    expect(text.length).toBeLessThan(LONGEST)
  })

  it.each(FILES)("%s names files that there are", (name) => {
    const text = readFileSync(FOLDER + name, "utf8")
    const paths = [...text.matchAll(/`((?:src|test|bench|deploy|docs|mutation|bin)\/[\w./-]+)`/gu)].map(
      ([, path]) => path
    )
    expect(paths.filter((path) => !isThere(path ?? ""))).toEqual([])
  })

  it.each(FILES)("%s stands once in the list of them, and refers to others by names they have", (name) => {
    expect(INDEX.split(`](${name})`).length).toBe(2)
    const text = readFileSync(FOLDER + name, "utf8")
    for (const [, other] of text.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/gu)) expect(FILES).toContain(other)
  })

  it("are all there that the list names", () => {
    for (const [, name] of INDEX.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/gu)) expect(FILES).toContain(name)
  })
})
