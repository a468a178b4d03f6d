import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

/** A folder that goes when the scope closes. */
export const temporaryFolder = (name: string) =>
  Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), `keyhole-${name}-`))),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
  )
