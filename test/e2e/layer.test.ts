import { createHash, randomBytes } from "node:crypto"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { keyhole } from "../cli/keyhole.ts"
import { ada } from "../support/ada.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { image } from "../support/registry/layout.ts"
import { realRegistry } from "../support/registry/real.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"

const pushed = image([
  gzipSync(tarball({ name: "etc/motd", content: "welcome" })),
  gzipSync(tarball({ name: "bulk", content: randomBytes(20_000_000) }))
])

describe("a whole layer of an image in a real registry", () => {
  it.live(
    "comes to an operator byte by byte as it was pushed, and to no viewer",
    () =>
      Effect.gen(function* () {
        const registry = yield* realRegistry()
        yield* registry.pushImage(pushed, "team/app:1")
        const env = {
          KEYHOLE_DATA_DIR: join(yield* temporaryFolder, "data"),
          KEYHOLE_REGISTRY_PRIVATE: registry.host,
          KEYHOLE_REGISTRY_INSECURE: registry.host
        }
        const service = yield* Effect.acquireRelease(
          Effect.promise(() => startService(env)),
          ({ end }) => Effect.promise(() => end("SIGTERM"))
        )
        const api = rest(service.url)
        const { body } = yield* Effect.promise(() => api.post("/auth/register", ada))
        const at = (layer: string) => `/images/layer?image=${registry.host}/team/app:1&layer=${layer}`
        const refused = yield* Effect.promise(() => api.get(at("0"), body.access_token))
        assert.deepInclude(refused.body, { status: 403, code: "forbidden", permission: "image:download" })
        yield* keyhole(["users", "grant", ada.email, "operator"], env)
        for (const [index, { digest, size }] of pushed.layers.entries()) {
          const answer = yield* Effect.promise(() => api.download(at(String(index)), body.access_token))
          assert.strictEqual(answer.status, 200)
          assert.strictEqual(answer.headers.get("content-length"), String(size))
          assert.strictEqual(`sha256:${createHash("sha256").update(answer.bytes).digest("hex")}`, digest)
        }
      }).pipe(Effect.scoped),
    60_000
  )
})
