import { createServer } from "node:http"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { fc, test } from "@fast-check/vitest"
import { Effect, Fiber, Result, Stream } from "effect"
import { carve } from "../../src/domain/image/carve.ts"
import { Limits } from "../../src/domain/image/Limits.ts"
import { resolve } from "../../src/domain/image/links.ts"
import { MergedTree } from "../../src/domain/image/MergedTree.ts"
import { peek } from "../../src/domain/image/peek.ts"
import { parseImageConfig } from "../../src/domain/registry/ImageConfig.ts"
import { parseManifest } from "../../src/domain/registry/Manifest.ts"
import { keyhole } from "../cli/keyhole.ts"
import { entry } from "../domain/image/support/entry.ts"
import { limits } from "../domain/image/support/readAll.ts"
import { digestOf, reference, TestRegistry } from "../domain/image/support/registry.ts"
import { concat, endMarker, member } from "../domain/image/support/tarball.ts"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { portOf } from "../support/registry/port.ts"
import { client, open, openSession } from "../support/registry/session.ts"

/** The members of a file whose name or link is longer than a header has room for (GNU `L` and `K`). */
const long = (name: string, type: string, link = "") => [
  { name: "././@LongLink", type: "L", content: `${name}\0` },
  { name: "././@LongLink", type: "K", content: `${link}\0` },
  { name: "long", type }
]

const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json))

describe("the layer reader, 9: links lead through no more than a path can hold", () => {
  it("is said of a way that is made to be long", () => {
    const tree = new MergedTree()
    tree.enter(entry(`/${"d/".repeat(2000)}file`, { layer: 0 }))
    tree.enter(entry("/link", { layer: 0, type: "symlink", link: `/${"d/".repeat(1023)}d` }))
    const lookup = (path: string) => tree.lookup(path)
    expect(resolve(lookup, `/${"d/".repeat(1000)}d`)._tag).toBe("Directory")
    expect(resolve(lookup, "/link")._tag).toBe("Loop")
  })

  it.effect("through a whole image, in no time", () =>
    Effect.gen(function* () {
      const deep = "d/".repeat(8000)
      const registry = new TestRegistry()
      const links = Array.from({ length: 38 }, (_, at) => long(`${deep}l${at}`, "2", `/${deep}l${at + 1}`))
      registry.putLayers([...long("x", "2", `/${deep}l0`), ...long(deep, "5"), ...links.flat()])
      const error = yield* carve({ reference, path: "/x" }).pipe(
        Effect.scoped,
        Effect.provide(registry.layer),
        Effect.flip
      )
      expect(error).toMatchObject({ _tag: "LinkDangling", reason: "loop" })
    })
  )

  const name = fc.constantFrom("a", "b")
  const path = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join("/")}`)
  const what = fc.constantFrom(
    { type: "file" as const },
    { type: "dir" as const },
    { whiteout: "file" as const },
    { whiteout: "opaque" as const }
  )

  test.prop([fc.array(fc.tuple(path, what)), fc.array(path)])(
    "what was looked up before changes no answer",
    (entries, paths) => {
      const tree = new MergedTree()
      for (const [at, [where, kind]] of entries.entries()) {
        const entered = entry(where, { ...kind, layer: entries.length - at })
        tree.enter(entered)
        for (const each of paths) {
          const fresh = new MergedTree()
          for (const [before, [there, other]] of entries.slice(0, at + 1).entries()) {
            fresh.enter(entry(there, { ...other, layer: entries.length - before }))
          }
          expect(tree.lookup(each)).toEqual(fresh.lookup(each))
        }
      }
    }
  )
})

describe("the layer reader, 11: memory does not grow with what a layer names", () => {
  const list = (registry: TestRegistry, layer?: string) =>
    Effect.gen(function* () {
      const { entries } = yield* peek({ reference, ...(layer !== undefined && { layer }) })
      return yield* Stream.runCollect(entries)
    }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.provideService(Limits, { ...limits, maxNames: 1000 }))
  const names = (layer: number) => Array.from({ length: 7 }, (_, at) => ({ name: `${layer}${at}${"x".repeat(80)}` }))
  const exceeded = { _tag: "LayerLimitExceeded", limit: "names", value: 1000 }

  it.effect("all layers together, what they hide included", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putLayers(names(0), [...names(1), { name: ".wh..wh..opq" }])
      expect(yield* list(registry, "0")).toHaveLength(7)
      expect(yield* Effect.flip(list(registry))).toMatchObject(exceeded)
    })
  )

  it.effect("nor what a carve passes by", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putLayers([{ name: "wanted", content: "x" }], [...names(0), ...names(1)])
      const error = yield* carve({ reference, path: "/wanted" }).pipe(
        Effect.scoped,
        Effect.provide(registry.layer),
        Effect.provideService(Limits, { ...limits, maxNames: 1000 }),
        Effect.flip
      )
      expect(error).toMatchObject(exceeded)
    })
  )
})

describe("the layer reader, 13: the event loop stays free", () => {
  it.effect("however many hard links wait for their files", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const links = Array.from({ length: 2000 }, (_, at) => ({ name: `l${at}`, type: "1", link: `missing${at}` }))
      registry.putLayers([{ name: "f" }], links)
      let turns = 0
      const other = yield* Effect.forkChild(
        Effect.forever(
          Effect.andThen(
            Effect.sync(() => turns++),
            Effect.yieldNow
          )
        )
      )
      const listed = yield* Effect.gen(function* () {
        const { entries } = yield* peek({ reference })
        return yield* Stream.runCollect(entries)
      }).pipe(Effect.scoped, Effect.provide(registry.layer))
      yield* Fiber.interrupt(other)
      expect(listed).toHaveLength(2001)
      // A turn for the others after every sixteen links.
      expect(turns).toBeGreaterThan(2000 / 16)
    })
  )

  it.each([
    ["history", { history: Array.from({ length: 10_001 }, () => ({})) }],
    ["env", { config: { Env: Array.from({ length: 10_001 }, () => "") } }],
    ["labels", { config: { Labels: Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [at, ""])) } }]
  ])("a configuration that lists more than anybody has is refused: %s", (_, json) => {
    const { reason } = Result.getOrThrow(Result.flip(parseImageConfig(bytes(json))))
    expect(reason).toBe("the image's configuration: it lists more than 10000 entries")
  })
})

describe("egress, 9: a layer's urls", () => {
  it("are followed in no greater number than layers have", () => {
    const at = (mediaType: string) => ({ mediaType, digest: digestOf(new Uint8Array(0)), size: 0 })
    const mediaType = "application/vnd.oci.image.manifest.v1+json"
    const urls = Array.from({ length: 1000 }, (_, index) => `https://victim.example/${index}`)
    const document = bytes({
      schemaVersion: 2,
      mediaType,
      config: at("application/vnd.oci.image.config.v1+json"),
      layers: [{ ...at("application/vnd.oci.image.layer.v1.tar"), urls }]
    })
    const parsed = Result.getOrThrow(parseManifest({ bytes: document, mediaType, digest: digestOf(document) }))
    expect(parsed._tag === "Manifest" && parsed.layers[0]?.urls).toHaveLength(16)
  })
})

describe("requests to registries", () => {
  it.live("17: tags that only repeat themselves are not followed for ever", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const same = JSON.stringify({ tags: Array.from({ length: 60_000 }, () => "a") })
      registry.on("tags", (_request, response) => {
        response.setHeader("Link", `</v2/team/app/tags/list?page=${registry.requests.length}>; rel="next"`).end(same)
      })
      const page = yield* Effect.flatMap(openSession(`${registry.host}/team/app`), (session) =>
        session.tags({ limit: 5 })
      ).pipe(Effect.provide(client(open(registry.host))))
      expect(page).toEqual({ tags: ["a"], next: "a" })
      expect(registry.requests).toHaveLength(2)
    })
  )

  it.live("an answer in another protocol is not waited for", () =>
    Effect.gen(function* () {
      const server = yield* Effect.acquireRelease(
        Effect.sync(() =>
          createServer((request) => {
            request.socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx")
          })
        ),
        (made) => Effect.sync(() => made.close())
      )
      const host = `127.0.0.1:${yield* portOf(server)}`
      const error = yield* Effect.flatMap(openSession(`${host}/team/app`), (session) =>
        session.manifest("latest")
      ).pipe(Effect.provide(client(open(host))), Effect.flip)
      expect(error).toMatchObject({ _tag: "RegistryUnreachable", reason: "its answer is not HTTP" })
    })
  )
})

describe("29. CR/LF and terminal escapes in an image's names", () => {
  it.live("forge no line of the command line's, and move no cursor", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const link = { name: "link", type: "2", link: "/\u001b[2Jnowhere\nkeyhole: all is well" }
      registry.put("team/app", image([new Uint8Array(gzipSync(concat(member(link), endMarker)))]))
      const env = { KEYHOLE_REGISTRY_PRIVATE: registry.host, KEYHOLE_REGISTRY_INSECURE: registry.host }
      const { status, stderr } = yield* keyhole(["carve", `${registry.host}/team/app`, "/link"], env)
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "keyhole: /link leads to /\\033[2Jnowhere\\nkeyhole: all is well, which is not there\n"
      })
    })
  )
})
