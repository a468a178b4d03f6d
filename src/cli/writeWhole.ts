import { randomBytes } from "node:crypto"
import { type FileHandle, link, lstat, open, rename, rm } from "node:fs/promises"
import { Effect, Stream } from "effect"
import { codeOf } from "./codeOf.ts"
import { Failed } from "./Failed.ts"

const exists = (target: string) => new Failed({ message: `${target} exists; --force replaces it.` })

const attempt = <A>(target: string, run: () => Promise<A>) =>
  Effect.tryPromise({
    try: run,
    catch: (error) => {
      const code = codeOf(error)
      return code === "EEXIST" ? exists(target) : new Failed({ message: `${target} cannot be written (${code}).` })
    }
  })

/** Fails when there is something already, before any work is done in vain. */
export const refuseExisting = (target: string): Effect.Effect<void, Failed> =>
  Effect.flatMap(
    Effect.promise(() =>
      lstat(target).then(
        () => true,
        () => false
      )
    ),
    (there) => (there ? Effect.fail(exists(target)) : Effect.void)
  )

const writeTo = (target: string, file: FileHandle) => (chunk: Uint8Array) =>
  attempt(target, () => file.writeFile(chunk))

/**
 * Writes a file whole or not at all: beside the target under another name first, which goes with a failure or an
 * interruption. A link, unlike a renaming, does not replace what has appeared meanwhile.
 */
export const writeWhole = <E, R>(target: string, content: Stream.Stream<Uint8Array, E, R>, force: boolean) =>
  Effect.gen(function* () {
    const temporary = `${target}.${randomBytes(6).toString("hex")}.part`
    yield* Effect.addFinalizer(() => Effect.promise(() => rm(temporary, { force: true })))
    const file = yield* Effect.acquireRelease(
      attempt(target, () => open(temporary, "wx")),
      (handle) => Effect.promise(() => handle.close())
    )
    yield* Stream.runForEach(content, writeTo(target, file))
    yield* attempt(target, () => (force ? rename(temporary, target) : link(temporary, target)))
  }).pipe(Effect.scoped)
