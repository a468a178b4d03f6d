import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Stream } from "effect"
import { refuseExisting, writeWhole } from "../../src/cli/writeWhole.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const content = Stream.make(bytes("all "), bytes("of "), bytes("it"))
const namesIn = (path: string) => Effect.promise(() => readdir(path))
const text = (path: string) => Effect.promise(() => readFile(path, "utf8"))

describe("writeWhole", () => {
  it.live("writes everything, and nothing beside it", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFolder
      yield* writeWhole(join(path, "file"), content, false)
      expect(yield* text(join(path, "file"))).toBe("all of it")
      expect(yield* namesIn(path)).toEqual(["file"])
    })
  )

  it.live("does not replace what appears while it writes, unless forced to", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFolder
      const file = join(path, "file")
      const late = Stream.concat(
        content,
        Stream.drain(Stream.fromEffect(Effect.promise(() => writeFile(file, "theirs"))))
      )
      const error = yield* Effect.flip(writeWhole(file, late, false))
      expect(error.message).toBe(`${file} exists; --force replaces it.`)
      expect(yield* text(file)).toBe("theirs")
      yield* writeWhole(file, late, true)
      expect(yield* text(file)).toBe("all of it")
      expect(yield* namesIn(path)).toEqual(["file"])
    })
  )

  it.live(
    "leaves nothing behind when the content fails or the write is interrupted, and what was there as it was",
    () =>
      Effect.gen(function* () {
        const path = yield* temporaryFolder
        const file = join(path, "file")
        yield* Effect.promise(() => writeFile(file, "before"))
        const failing = Stream.concat(content, Stream.fail("broken"))
        expect(yield* Effect.flip(writeWhole(file, failing, true))).toBe("broken")

        const halfway = yield* Deferred.make<void>()
        const endless = Stream.concat(
          content,
          Stream.fromEffect(Effect.andThen(Deferred.succeed(halfway, undefined), Effect.never))
        )
        const writing = yield* Effect.forkChild(writeWhole(file, endless, true))
        yield* Deferred.await(halfway)
        expect((yield* namesIn(path)).length).toBe(2)
        expect(Exit.hasInterrupts(yield* Fiber.interrupt(writing).pipe(Effect.andThen(Fiber.await(writing))))).toBe(
          true
        )
        expect(yield* namesIn(path)).toEqual(["file"])
        expect(yield* text(file)).toBe("before")
      })
  )

  it.live("says in a sentence why it cannot write", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFolder
      const nowhere = join(path, "no-folder", "file")
      expect((yield* Effect.flip(writeWhole(nowhere, content, true))).message).toBe(
        `${nowhere} cannot be written (ENOENT).`
      )
      yield* Effect.promise(() => mkdir(join(path, "taken")))
      const taken = join(path, "taken")
      expect((yield* Effect.flip(writeWhole(taken, content, true))).message).toBe(
        `${taken} cannot be written (EISDIR).`
      )
      expect(yield* namesIn(path)).toEqual(["taken"])
    })
  )
})

describe("refuseExisting", () => {
  it.live("refuses files, folders and links that lead nowhere", () =>
    Effect.gen(function* () {
      const path = yield* temporaryFolder
      yield* Effect.promise(() => symlink("nowhere", join(path, "link")))
      for (const target of [path, join(path, "link")]) {
        expect((yield* Effect.flip(refuseExisting(target))).message).toBe(`${target} exists; --force replaces it.`)
      }
      yield* refuseExisting(join(path, "new"))
    })
  )
})
