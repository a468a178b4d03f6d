import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { command, ToolFailed } from "../registry/command.ts"

const script = fileURLToPath(new URL("fetch.sh", import.meta.url))
const cache = fileURLToPath(new URL("../../../.cache/debian-1", import.meta.url))

/** A program out of one of Debian's packages, fetched once and kept from run to run. */
const tool = (pkg: string, program: string): Effect.Effect<string, ToolFailed> => {
  const path = join(cache, program)
  return existsSync(path)
    ? Effect.succeed(path)
    : command("sh", script, pkg, program, path).pipe(
        Effect.as(path),
        Effect.catch(({ reason }) =>
          Effect.fail(
            new ToolFailed({
              reason: `These tests fetch the package ${pkg} from Debian (deb.debian.org), into ${cache}: they need the network,
apt-get and dpkg-deb. On Debian: apt-get install debian-archive-keyring. ${reason}`
            })
          )
        )
      )
}

export const caddy = tool("caddy", "usr/bin/caddy")
export const kubectl = tool("kubernetes-client", "usr/bin/kubectl")
export const promtool = tool("prometheus", "usr/bin/promtool")
