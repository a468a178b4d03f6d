import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { ada } from "../support/ada.ts"
import { type FakeRegistry, type FakeRegistryOptions, fakeRegistry } from "../support/registry/fake.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { type Answer, rest } from "../support/rest.ts"
import { peakBytes, startService } from "../support/service.ts"

/** The running service, somebody signed in to it, and the one registry it may speak to, which means ill. */
export interface World {
  readonly registry: FakeRegistry
  readonly url: string
  readonly token: string
  readonly output: () => string
  /** Tells the service to end; its exit status. */
  readonly end: Effect.Effect<number | NodeJS.Signals>
  /** The most resident bytes the service has had so far. */
  readonly peak: () => number
  readonly ask: (path: string, query?: Readonly<Record<string, string>>) => Effect.Effect<Answer>
  /** The service still answers, and has said nothing of an inside error. */
  readonly stands: Effect.Effect<void>
}

export const IMAGE = "team/app"

export const world = (options: FakeRegistryOptions = {}, settings: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const registry = yield* fakeRegistry(options)
    const folder = yield* temporaryFolder
    const service = yield* Effect.acquireRelease(
      Effect.promise(() =>
        startService({
          KEYHOLE_DATA_DIR: folder,
          KEYHOLE_REGISTRY_PRIVATE: registry.host,
          KEYHOLE_REGISTRY_INSECURE: registry.host,
          ...settings
        })
      ),
      ({ end }) => Effect.promise(() => end("SIGTERM"))
    )
    const { get, post } = rest(service.url)
    const { body } = yield* Effect.promise(() => post("/auth/register", ada))
    const token: string = body.access_token
    const image = `${registry.host}/${IMAGE}`
    const started: World = {
      registry,
      url: service.url,
      token,
      output: service.output,
      end: Effect.promise(() => service.end("SIGTERM")),
      peak: () => peakBytes(service),
      ask: (path, query = {}) =>
        Effect.promise(() => get(`${path}?${new URLSearchParams({ image, ...query }).toString()}`, token)),
      stands: Effect.gen(function* () {
        const me = yield* Effect.promise(() => get("/users/me", token))
        assert.strictEqual(me.status, 200)
        assert.notMatch(service.output(), /ERROR|\n\s+at /u)
      })
    }
    return started
  })
