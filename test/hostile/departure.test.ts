import { request } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { gzipSync } from "node:zlib"
import { image } from "../support/registry/layout.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { IMAGE, type World, world } from "./world.ts"

const pushed = image([gzipSync(tarball({ name: "file", content: "content" }))])

/** Begins a request and leaves as soon as `left` says so. */
const visit = ({ url, token, registry }: World, path: string, query = "") => {
  const visitor = request(`${url}${path}?image=${registry.host}/${IMAGE}${query}`, {
    headers: { authorization: `Bearer ${token}`, accept: "application/x-ndjson" }
  })
  visitor.on("error", () => undefined)
  visitor.end()
  return visitor
}

const connectionsGone = ({ registry }: World) =>
  Effect.forEach(
    [...registry.connections],
    (socket) =>
      Effect.callback<void>((resume) => {
        if (socket.destroyed) resume(Effect.void)
        else socket.once("close", () => resume(Effect.void))
      }),
    { concurrency: "unbounded", discard: true }
  )

describe("a client that goes away", () => {
  it.live("takes the connection to the registry with it within a second, and the service ends without waiting", () =>
    Effect.gen(function* () {
      const here = yield* world()
      const { registry, stands, end } = here
      registry.put(IMAGE, pushed)
      for (const [path, query] of [
        ["/images/files", ""],
        ["/images/file", "&path=/file"]
      ] as const) {
        const reached = yield* Effect.callback<ReturnType<typeof visit>>((resume) => {
          const [layer] = pushed.layers
          registry.on(
            layer?.digest ?? "",
            (_request, response) => {
              // Some of the layer comes, and then nothing more.
              response.writeHead(200, { "Content-Length": layer?.size ?? 0 })
              response.write(layer?.bytes.subarray(0, 20), () => resume(Effect.succeed(visitor)))
            },
            1
          )
          const visitor = visit(here, path, query)
        })
        assert.isAbove(registry.connections.size, 0)
        const begun = performance.now()
        reached.destroy()
        yield* Effect.timeout(connectionsGone(here), "1 second")
        assert.isBelow(performance.now() - begun, 1000)
      }
      yield* stands
      // A fiber that was left would be waited for, up to the deadline of four seconds.
      const told = performance.now()
      assert.strictEqual(yield* end, 0)
      assert.isBelow(performance.now() - told, 2000)
    })
  )
})
