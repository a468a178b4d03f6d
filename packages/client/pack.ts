import { execFileSync } from "node:child_process"
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { writtenOut } from "./writtenOut.ts"

// Makes a package of the client that needs nothing else: JavaScript, and declarations in which the API's schemas are
// written out as types. `--in` is the folder that it is put in, beside one of its own that it is made in.

const root = fileURLToPath(new URL("../../", import.meta.url))
const {
  values: { in: folder }
} = parseArgs({ options: { in: { type: "string", default: join(root, "build") } } })
const client = join(root, "src/client")
const own = resolve(folder, "keyhole-client")
const source = join(own, "source")
const built = join(own, "client")

const { version, license }: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8")
)
const manifest = {
  name: "keyhole",
  version,
  description: "The client of Keyhole, a self-hosted authentication service with a keyhole into container registries",
  license,
  type: "module",
  engines: { node: ">=20" },
  sideEffects: false,
  exports: { "./client": { types: "./client.d.ts", default: "./client.js" } }
}

const writeJson = (path: string, value: object): void => writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`)

/** As it stands in a package: modules are called what they are there, and no rule of this project is lifted. */
const published = (text: string): string =>
  text.replaceAll(/(?<= from "\.\/\w+)\.ts"/gu, '.js"').replaceAll(/^ *\/\/ oxlint-.*\n/gmu, "")

rmSync(own, { recursive: true, force: true })
for (const each of [source, built]) mkdirSync(each, { recursive: true })
for (const name of readdirSync(client)) {
  const module = join(client, name)
  const text = readFileSync(module, "utf8")
  const declared = name === "documents.ts"
  writeFileSync(join(source, name), declared ? await writtenOut(text, pathToFileURL(module)) : published(text))
}
writeJson(join(own, "tsconfig.json"), { extends: join(root, "packages/client/tsconfig.json") })
execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", own], { stdio: "inherit" })

writeJson(join(built, "package.json"), manifest)
copyFileSync(join(root, "packages/client/README.md"), join(built, "README.md"))
copyFileSync(join(root, "LICENSE"), join(built, "LICENSE"))
const options = ["--silent", "--offline", "--pack-destination", folder]
const tarball = execFileSync("npm", ["pack", built, ...options], { encoding: "utf8" })
process.stdout.write(join(folder, tarball))
