import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { command, ToolFailed } from "../registry/command.ts"

const inHere = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Kept from run to run; the number rises when what is fetched or built changes. */
const cache = inHere("../../../.cache/yardstick-1")

/** What reads archives as Go does: the names of archives in, a JSON document a line out. */
export const goReader = join(cache, "read-go")
export const pythonReader = inHere("read.py")

/** Fetches, once, the archives that other readers are tested with. */
export const fetchArchives: Effect.Effect<void, ToolFailed> = Effect.suspend(() =>
  existsSync(cache) ? Effect.void : command("sh", inHere("fetch.sh"), cache)
).pipe(
  Effect.asVoid,
  Effect.catch(({ reason }) =>
    Effect.fail(
      new ToolFailed({
        reason: `These tests fetch archives from Debian (deb.debian.org), into ${cache}: they need the network, and
apt-get, dpkg-deb, python3, gzip and xz. On Debian: apt-get install debian-archive-keyring python3 xz-utils. ${reason}`
      })
    )
  )
)

/** The archives of a project's tests. */
export const archivesOf = (project: string): ReadonlyArray<{ readonly name: string; readonly path: string }> =>
  readdirSync(join(cache, "archives", project))
    .toSorted()
    .map((name) => ({ name, path: join(cache, "archives", project, name) }))
