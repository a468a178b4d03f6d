import { fc, test } from "@fast-check/vitest"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { Registry } from "../../../src/domain/registry/RegistrySession.ts"
import { manifestMemory } from "../../../src/infra/registry/manifestMemory.ts"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { image } from "../../support/registry/layout.ts"
import { client, open } from "../../support/registry/session.ts"

const [first, second] = [image([Buffer.from("first")]), image([Buffer.from("second")])]

/** Reads the tag, or a digest, in a session of its own, as many a peek would. */
const readTag = (registry: FakeRegistry, target = "latest") =>
  Effect.scoped(
    Effect.gen(function* () {
      const sessions = yield* Registry
      const session = yield* sessions.open(Result.getOrThrow(parse(`${registry.host}/team/app`)))
      const before = registry.requests.length
      const { digest } = yield* session.manifest(target)
      const asked = registry.requests.slice(before).filter(({ url }) => url.pathname.includes("manifests"))
      return { digest, asked: asked.map(({ method, url }) => `${method} ${url.pathname.split("/").at(-1)}`) }
    })
  )

describe("manifests met before", () => {
  it.live("are not fetched again while the tag still means them, but the registry is asked every time", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      yield* Effect.gen(function* () {
        registry.put("team/app", first)
        assert.deepStrictEqual(yield* readTag(registry), { digest: first.manifest.digest, asked: ["GET latest"] })
        assert.deepStrictEqual(yield* readTag(registry), { digest: first.manifest.digest, asked: ["HEAD latest"] })
        registry.put("team/app", second)
        const moved = second.manifest.digest
        assert.deepStrictEqual(yield* readTag(registry), { digest: moved, asked: ["HEAD latest", `GET ${moved}`] })
      }).pipe(Effect.provide(client(open(registry.host))))
    })
  )

  it.live("are shown to nobody whom the registry refuses", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", first)
      yield* Effect.gen(function* () {
        yield* readTag(registry)
        const claimed = { "Docker-Content-Digest": first.manifest.digest }
        registry.on("manifests", (_request, response) => response.writeHead(403, claimed).end())
        for (const target of ["latest", first.manifest.digest]) {
          assert.strictEqual((yield* Effect.flip(readTag(registry, target)))._tag, "RegistryDenied", target)
        }
      }).pipe(Effect.provide(client(open(registry.host))))
    })
  )

  it.live("are asked about again when the registry cannot say just now", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", first)
      yield* Effect.gen(function* () {
        yield* readTag(registry)
        registry.on("manifests", (_request, response) => response.writeHead(503, { "Retry-After": "0" }).end(), 1)
        assert.deepStrictEqual((yield* readTag(registry)).asked, ["HEAD latest", "HEAD latest"])
      }).pipe(Effect.provide(client(open(registry.host))))
    })
  )

  it.live("are fetched where a registry does not say what it would send", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", first)
      yield* Effect.gen(function* () {
        yield* readTag(registry)
        registry.on("manifests", (_request, response) => response.writeHead(405).end(), 1)
        const { asked } = yield* readTag(registry)
        assert.deepStrictEqual(asked, ["HEAD latest", "GET latest"])
      }).pipe(Effect.provide(client(open(registry.host))))
    })
  )

  const use = fc.record({ name: fc.nat(3), digest: fc.nat(5), size: fc.nat(40), isPut: fc.boolean() })

  test.prop([fc.array(use, { maxLength: 60 })])(
    "never take more room than they have, and the last one stays",
    (uses) => {
      const memory = manifestMemory(50)
      const held = new Map<string, number>()
      for (const { name, digest, size, isPut } of uses) {
        const reference = Result.getOrThrow(parse(`host.example/app-${name}`))
        const key = Digest.make(`sha256:${`${digest}`.repeat(64)}`)
        if (!isPut) {
          memory.get(reference, key)
          continue
        }
        memory.put(reference, { digest: key, mediaType: "", bytes: new Uint8Array(size) })
        held.set(`${name} ${digest}`, size)
        assert.isTrue(memory.knows(reference))
        assert.isDefined(memory.get(reference, key))
      }
      let room = 0
      for (const [id] of held) {
        const [name, digest = ""] = id.split(" ")
        const found = memory.get(
          Result.getOrThrow(parse(`host.example/app-${name}`)),
          Digest.make(`sha256:${digest.repeat(64)}`)
        )
        room += found?.bytes.length ?? 0
      }
      assert.isAtMost(room, 50)
    }
  )
})
