import { setImmediate } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Schema, Scope, Stream } from "effect"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { type Blob, image } from "../../support/registry/layout.ts"
import { client, open, openSession } from "../../support/registry/session.ts"

const descriptor = ({ mediaType, digest, size }: Blob) =>
  new Descriptor({ mediaType, digest: Digest.make(digest), size })

const content = (name: string) => image([Buffer.alloc(200_000, name), Buffer.from(`${name} on top`)])

/** One peek: the manifest, then every layer; `midway` runs when the first layer has begun to flow. */
const peek = (registry: FakeRegistry, repository: string, midway: Effect.Effect<void> = Effect.void) =>
  Effect.scoped(
    Effect.gen(function* () {
      const session = yield* openSession(`${registry.host}/${repository}`)
      yield* session.manifest("latest")
      yield* Effect.forEach(content(repository).layers, (layer) =>
        Stream.runForEach(session.blob(descriptor(layer)), () => midway)
      )
    })
  )

/** The repositories each token was shown for, and when last. */
const uses = (registry: FakeRegistry) => {
  const shown = new Map<string, { readonly repositories: Set<string>; last: number }>()
  for (const { headers, order, url } of registry.requests) {
    const { authorization } = headers
    if (authorization === undefined) continue
    const use = shown.get(authorization) ?? { repositories: new Set<string>(), last: order }
    use.repositories.add(url.pathname.split("/").slice(2, 4).join("/"))
    use.last = order
    shown.set(authorization, use)
  }
  return shown
}

/** How an operation ends; one that is cut short is at a request that the registry leaves unanswered. */
const Ending = Schema.Union([
  Schema.Struct({ way: Schema.Literals(["success", "failure"]) }),
  Schema.Struct({
    way: Schema.Literals(["interruption", "scope closed"]),
    requestsBefore: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))
  })
])

/** Runs one operation to the ending it is given. */
const operate = Effect.fnUntraced(function* (registry: FakeRegistry, repository: string, ending: typeof Ending.Type) {
  if (ending.way === "success") return yield* peek(registry, repository)
  if (!("requestsBefore" in ending)) {
    const exit = yield* Effect.exit(peek(registry, repository, Effect.die("the reader failed")))
    assert(Exit.isFailure(exit))
    return
  }
  const midway = yield* Deferred.make<void>()
  registry.stallAfter(ending.requestsBefore, () => Deferred.doneUnsafe(midway, Effect.void))
  const scope = yield* Scope.make()
  const fiber = yield* Effect.forkIn(peek(registry, repository), scope)
  yield* Deferred.await(midway)
  yield* ending.way === "interruption" ? Fiber.interrupt(fiber) : Scope.close(scope, Exit.void)
})

const withClient = <A, E, R>(registry: FakeRegistry, work: Effect.Effect<A, E, R>) =>
  Effect.provide(work, client(open(registry.host)))

describe("a registry session", () => {
  it.live.prop(
    "however its operation ends, its token is used by that operation and for that repository alone",
    [Schema.Array(Ending).check(Schema.isMinLength(1), Schema.isMaxLength(4))],
    ([endings]) =>
      Effect.gen(function* () {
        const registry = yield* fakeRegistry({ auth: "bearer" })
        const seen = new Set<string>()
        for (const [index, ending] of endings.entries()) {
          const repository = `team/app-${index % 2}`
          registry.put(repository, content(repository))
          const before = registry.requests.length
          yield* withClient(registry, operate(registry, repository, ending))
          const own = [...uses(registry)].filter(([, { last }]) => last >= before)
          assert.isAtMost(own.length, 1)
          if (ending.way === "success") assert.strictEqual(own.length, 1)
          for (const [token, { repositories }] of own) {
            assert.isFalse(seen.has(token), "a token of an earlier operation was used again")
            assert.deepStrictEqual([...repositories], [repository])
            seen.add(token)
          }
        }
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 40 } }
  )

  it.live("twenty at once, each of its own repository, never mix", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      const repositories = Array.from({ length: 20 }, (_, index) => `team/app-${index}`)
      for (const repository of repositories) registry.put(repository, content(repository))
      yield* withClient(
        registry,
        Effect.forEach(repositories, (repository) => peek(registry, repository), { concurrency: "unbounded" })
      )
      const used = [...uses(registry).values()]
      assert.strictEqual(used.length, 20)
      assert.deepStrictEqual(used.map((use) => [...use.repositories].join()).toSorted(), repositories.toSorted())
    })
  )

  it.live("is of no use after its scope has closed, and asks the registry nothing more", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      const pushed = content("team/app")
      registry.put("team/app", pushed)
      const session = yield* withClient(registry, Effect.scoped(openSession(`${registry.host}/team/app`)))
      const layer = pushed.layers.map(descriptor)
      const late = [
        session.manifest("latest"),
        session.tags({}),
        ...layer.map((one) => Stream.runDrain(session.blob(one)))
      ]
      for (const use of late) {
        assert.strictEqual((yield* Effect.flip(Effect.asVoid(use)))._tag, "RegistrySessionClosed")
      }
      assert.strictEqual(registry.requests.length, 0)
    })
  )

  it.live("gives nothing more of a layer once it has closed, not even what has arrived already", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const pushed = content("team/app")
      registry.put("team/app", pushed)
      const scope = yield* Scope.make()
      const session = yield* withClient(registry, Scope.provide(openSession(`${registry.host}/team/app`), scope))
      const [layer] = pushed.layers.map(descriptor)
      assert(layer !== undefined)
      const pull = yield* Stream.toPull(session.blob(layer))
      yield* pull
      yield* Scope.close(scope, Exit.void)
      const error = yield* Effect.flip(pull)
      assert.strictEqual("_tag" in error && error._tag, "RegistrySessionClosed")
    })
  )

  it.live("that closes under a request or a layer in flight ends both at once, and their connections", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const pushed = content("team/app")
      registry.put("team/app", pushed)
      const asked = yield* Deferred.make<void>()
      registry.on("manifests", () => Deferred.doneUnsafe(asked, Effect.void))
      const flowing = yield* Deferred.make<void>()
      registry.on("blobs", (_request, response) => response.writeHead(200).write("some of it"))

      const scope = yield* Scope.make()
      const session = yield* withClient(registry, Scope.provide(openSession(`${registry.host}/team/app`), scope))
      const manifest = yield* Effect.forkChild(Effect.flip(session.manifest("latest")))
      const [layer] = pushed.layers.map(descriptor)
      assert(layer !== undefined)
      const begun = Stream.runForEach(session.blob(layer), () => Deferred.succeed(flowing, undefined))
      const blob = yield* Effect.forkChild(Effect.flip(begun))
      yield* Deferred.await(asked)
      yield* Deferred.await(flowing)
      // One turn of the event loop, after which the reader is waiting for more.
      yield* Effect.promise(() => setImmediate())

      assert.strictEqual(registry.connections.size, 2)
      const closed = Effect.forEach(
        [...registry.connections],
        (socket) => Effect.callback<void>((resume) => void socket.once("close", () => resume(Effect.void))),
        { concurrency: "unbounded" }
      )
      const watching = yield* Effect.forkChild(closed, { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* Fiber.join(manifest))._tag, "RegistrySessionClosed")
      assert.strictEqual((yield* Fiber.join(blob))._tag, "RegistrySessionClosed")
      yield* Fiber.join(watching)
    })
  )
})
