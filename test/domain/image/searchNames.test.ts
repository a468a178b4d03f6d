import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Stream } from "effect"
import { viewer } from "../../../src/domain/access/Role.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { KnownBlobs } from "../../../src/domain/image/KnownBlobs.ts"
import { Looks, type SeenLayer } from "../../../src/domain/image/Looks.ts"
import type { NamePosition } from "../../../src/domain/image/NamePage.ts"
import { searchNames } from "../../../src/domain/image/searchNames.ts"
import { SessionId } from "../../../src/domain/session/Session.ts"
import { entry } from "./support/entry.ts"
import { digestOf } from "./support/registry.ts"

const caller = {
  user: new User({
    id: UserId.make("ada"),
    email: Email.make("ada@example.com"),
    name: null,
    roles: [viewer.name],
    disabled: false,
    createdAt: DateTime.makeUnsafe(0),
    lastLoginAt: null
  }),
  sessionId: SessionId.make("sess_0000000000000001"),
  kind: "token" as const,
  grants: viewer.permissions
}

const digest = digestOf(Buffer.from("manifest"))
const image = "docker.io/library/alpine:latest"

/** An image of layers with so many entries each, of which every thousandth is a match; undefined is not known any more. */
const world = (...sizes: ReadonlyArray<number | undefined>) => {
  const layers = sizes.map((_, layer): SeenLayer => ({ image, digest, layer, layerDigest: digestOf(Buffer.of(layer)) }))
  let read = 0
  const services = Layer.merge(
    Layer.mock(Looks, {
      seen: (_user, { from, limit }) =>
        Effect.succeed(layers.filter(({ layer }) => layer >= (from?.layer ?? 0)).slice(0, limit))
    }),
    Layer.mock(KnownBlobs, {
      listing: ({ repository }, layer) => {
        assert.strictEqual(repository, "docker.io/library/alpine")
        const size = sizes[layer]
        return Effect.succeed(
          size === undefined
            ? undefined
            : Stream.map(Stream.range(0, size - 1), (at) => {
                read++
                return entry(at % 1000 === 0 ? `/hit/${layer}/${at}` : "/other", { layer })
              })
        )
      }
    })
  )
  return { services, read: () => read }
}

const pages = Effect.fnUntraced(function* (of: ReturnType<typeof world>, limit: number) {
  const found: Array<ReadonlyArray<string>> = []
  const costs: Array<number> = []
  let from: NamePosition | undefined
  do {
    const before = of.read()
    const page = yield* Effect.provide(searchNames(caller, { query: "HIT", limit, ...(from && { from }) }), of.services)
    costs.push(of.read() - before)
    found.push(page.results.map((each) => each.entry.path))
    from = page.next
  } while (from !== undefined)
  return { found, costs }
})

const hits = (layer: number, size: number) =>
  Array.from({ length: Math.ceil(size / 1000) }, (_, at) => `/hit/${layer}/${at * 1000}`)

describe("a search for names", () => {
  it.effect("goes through all layers, over those that are not known any more", () =>
    Effect.gen(function* () {
      const { found } = yield* pages(world(3000, undefined, 0, 2000), 100)
      assert.deepStrictEqual(found, [[...hits(0, 3000), ...hits(3, 2000)]])
    })
  )

  it.effect("ends a page that is full, at any place, and goes on there", () =>
    Effect.gen(function* () {
      const all = [...hits(0, 3000), ...hits(1, 5000)]
      for (const limit of [1, 2, 3, 4, 8]) {
        const { found } = yield* pages(world(3000, 5000), limit)
        assert.deepStrictEqual(found.flat(), all)
        assert.strictEqual(found.length, Math.ceil(all.length / limit))
      }
    })
  )

  it.effect("ends a page that has cost enough, and comes to the end all the same", () =>
    Effect.gen(function* () {
      const sizes = [400_000, 200_000, 1000]
      const { found, costs } = yield* pages(world(...sizes), 10_000)
      assert.deepStrictEqual(
        found.flat(),
        sizes.flatMap((size, layer) => hits(layer, size))
      )
      assert.isAbove(found.length, 2)
      assert.isBelow(Math.max(...costs), 520_000)
    })
  )

  it.effect("does not ask after layers without end either", () =>
    Effect.gen(function* () {
      const { found } = yield* pages(world(...Array.from({ length: 2000 }, () => undefined), 1000), 10)
      assert.deepStrictEqual(found.flat(), hits(2000, 1000))
      assert.isAbove(found.length, 3)
    })
  )
})
