import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

const make = () => mkdtempSync(join(tmpdir(), "keyhole-test-"))
const remove = (path: string) => rmSync(path, { recursive: true, force: true })

/** An empty folder that is gone when the scope ends. */
export const temporaryFolder = Effect.acquireRelease(Effect.sync(make), (path) => Effect.sync(() => remove(path)))

/** The same for whoever has no scope, but a block or an `afterAll`. */
export const disposableFolder = (): Disposable & { readonly path: string } => {
  const path = make()
  return { path, [Symbol.dispose]: () => remove(path) }
}
