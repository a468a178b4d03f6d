import { execFile } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const ROOT = fileURLToPath(new URL("../../", import.meta.url))
/** Packing, installing and six runs of the compiler, each of about a second. */
const PATIENCE = 120_000

const folder = disposableFolder()
const project = join(folder.path, "project")
const installed = join(project, "node_modules/keyhole")
const run = async (command: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, args, { cwd: project }).catch(
    ({ stdout: said, stderr }: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`${command} ${args.join(" ")} failed:\n${said}${stderr}`)
    }
  )
  return stdout.trim()
}
const write = (name: string, text: string): void => writeFileSync(join(project, name), text)
/** Compiles one file of the project as somebody's own compiler does that has no types of Node, nor anybody else's. */
const compile = (name: string, options: object): Promise<string> => {
  const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: "es2022", types: [] }
  write("tsconfig.json", JSON.stringify({ compilerOptions: { ...strict, ...options }, files: [name] }))
  return run(join(ROOT, "node_modules/.bin/tsc"), "-p", ".")
}
/** The TypeScript that a page shows. */
const shown = (page: string): string =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gmu)].map(([, text]) => text).join("\n")

let http: Http
beforeAll(async () => {
  http = await startHttp()
  mkdirSync(project)
  write("package.json", JSON.stringify({ private: true, type: "module" }))
  mkdirSync(join(folder.path, "client"))
  write("../client/somebodys", "own")
  const tarball = await run(process.execPath, join(ROOT, "packages/client/pack.ts"), "--in", folder.path)
  await run("npm", "install", "--offline", "--no-audit", "--no-fund", tarball)
}, PATIENCE)
afterAll(async () => {
  await http.stop()
  folder[Symbol.dispose]()
})

describe("the client's package, in a project of its own", () => {
  it("brings nothing else along, and has no TypeScript to be stripped", () => {
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["keyhole"])
    const files = readdirSync(installed)
    expect(files).toContain("client.js")
    expect(files.filter((name) => !/^(?:\w+\.(?:js|d\.ts)|package\.json|README\.md|LICENSE)$/u.test(name))).toEqual([])
  })

  it("is made without a touch to what else is in the folder", () => {
    const tarball = expect.stringMatching(/^keyhole-[\d.]+\.tgz$/u)
    expect(readdirSync(folder.path).toSorted()).toEqual(["client", tarball, "keyhole-client", "project"])
    expect(readdirSync(join(folder.path, "client"))).toEqual(["somebodys"])
  })

  it("signs in from every Node on PATH that is new enough", { timeout: PATIENCE }, async () => {
    const { email } = await newcomer(http)
    write(
      "main.js",
      `import { connect, inMemory, Problem } from "keyhole/client"
      const keyhole = connect({ url: "${http.url}", mode: "token", store: { ...inMemory(), shared: "main" } })
      await keyhole.signIn({ email: "${email}", password: "wrong" }).catch((error) => {
        if (!(error instanceof Problem) || !error.is("invalid-credentials")) throw error
      })
      await keyhole.signIn({ email: "${email}", password: "${PASSWORD}" })
      console.log((await keyhole.me()).email, (await keyhole.logout()).revoked)
      keyhole.close()`
    )
    const folders = (process.env["PATH"] ?? "").split(delimiter)
    const nodes = new Set([process.execPath, ...folders.map((each) => join(each, "node")).filter(existsSync)])
    for (const node of nodes) {
      const major = Number(/^v(\d+)/u.exec(await run(node, "--version"))?.[1])
      if (major >= 20) expect(await run(node, "main.js"), node).toBe(`${email} true`)
    }
  })

  it.each([
    ["Node", { module: "nodenext" }],
    ["a bundler", { module: "esnext", moduleResolution: "bundler" }]
  ])(
    "has types for %s, in which what the pages show compiles and nonsense does not",
    { timeout: PATIENCE },
    async (_, options) => {
      write("readme.ts", shown("README.md"))
      await compile("readme.ts", options)
      write(
        "nonsense.ts",
        `${shown("packages/client/README.md")}
      import type { Entry, User } from "keyhole/client"
      const user: User = await keyhole.me()
      // @ts-expect-error -- a user has no such thing
      user.nonsense
      const types = (entry: Entry): "file" | "dir" | undefined =>
        // @ts-expect-error -- there are other types
        entry.type
      export { types }`
      )
      await compile("nonsense.ts", options)
    }
  )

  it("names the documents that the service's declaration has, each as it has them", { timeout: PATIENCE }, async () => {
    const declared = join(ROOT, "src/client/documents.ts")
    const names = [...readFileSync(declared, "utf8").matchAll(/^export type (\w+)/gmu)].map(([, name]) => name)
    expect(names).toContain("User")
    // The schemas of a listing's problems say more than their types: which status and `type` goes with which code.
    const as = (name: string | undefined) => (name === "Line" || name === "Summary" ? "Within" : "Same")
    write(
      "same.ts",
      `import type * as here from "keyhole/client"
      import type * as there from "${declared}"
      type Within<A, B> = [A] extends [B] ? true : false
      type Same<A, B> = [Within<A, B>, Within<B, A>] extends [true, true] ? true : false
      export const same: ReadonlyArray<true> = [${names.map((name) => `{} as ${as(name)}<here.${name}, there.${name}>`).join()}]
      // @ts-expect-error -- it would be noticed
      export const other: true = {} as Same<here.User, there.Session>`
    )
    const own = { module: "nodenext", skipLibCheck: true, allowImportingTsExtensions: true, target: "es2024" }
    const lib = ["es2024", "dom", "esnext.array", "esnext.iterator"]
    await compile("same.ts", { ...own, lib, types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] })
  })
})
