import { createHash, randomBytes } from "node:crypto"
import { setImmediate } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schema, Stream } from "effect"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { type FakeRegistry, fakeRegistry, type Recorded } from "../../support/registry/fake.ts"
import { image, sha256 } from "../../support/registry/layout.ts"
import { type ClientOptions, client, open, openSession } from "../../support/registry/session.ts"
import { until } from "../../support/until.ts"

const content = randomBytes(100_000)
const digest = Digest.make(sha256(content))
const descriptor = (size = content.length, hash = digest) =>
  new Descriptor({ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: hash, size })

/** Reads a blob to its end: what came, and how it ended. */
const read = (registry: FakeRegistry, wanted = descriptor(), options: ClientOptions = {}) =>
  Effect.gen(function* () {
    const session = yield* openSession(`${registry.host}/team/app`)
    const received: Array<Uint8Array> = []
    const ending = yield* Effect.result(
      Stream.runForEach(session.blob(wanted), (chunk) => Effect.sync(() => received.push(chunk)))
    )
    const error = ending._tag === "Failure" ? ending.failure : undefined
    return { bytes: Buffer.concat(received), error, fetched: yield* session.bytesFetched }
  }).pipe(Effect.provide(client({ ...open(registry.host), ...options })), Effect.scoped)

const offsetOf = ({ headers }: Recorded) => Number(/^bytes=(\d+)-$/u.exec(headers.range ?? "")?.[1] ?? 0)

/** Answers as asked, but breaks each connection after `piece` bytes. */
const breaking = (registry: FakeRegistry, piece: number, status = 206) =>
  registry.on("blobs", (request, response) => {
    const start = status === 206 ? offsetOf(request) : 0
    const range = `bytes ${start}-${content.length - 1}/${content.length}`
    response.writeHead(start === 0 ? 200 : status, {
      "Content-Length": content.length - start,
      ...(start === 0 ? {} : { "Content-Range": range })
    })
    const end = offsetOf(request) + piece
    if (end >= content.length) return void response.end(content.subarray(start))
    response.write(content.subarray(start, end), () => response.destroy())
  })

/** What a number comes to rest at: it has not changed for many turns of the event loop. */
const untilStill = async (measure: () => number): Promise<number> => {
  let last = measure()
  for (let still = 0; still < 200; still++) {
    await setImmediate()
    if (measure() !== last) still = 0
    last = measure()
  }
  return last
}

describe("a blob", () => {
  it.live.prop(
    "is whole although its connection breaks again and again, as long as each brings something",
    [Schema.Int.check(Schema.isBetween({ minimum: 40_000, maximum: 99_999 })), Schema.Literals([200, 206])],
    ([piece, status]) =>
      Effect.gen(function* () {
        const registry = yield* fakeRegistry()
        breaking(registry, piece, status)
        const { bytes, error, fetched } = yield* read(registry)
        assert.isUndefined(error)
        assert.isTrue(bytes.equals(content))
        assert.isAtLeast(fetched, content.length)
        assert.isTrue(registry.requests.every(({ method }) => method === "GET"))
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 6 } }
  )

  it.live("is given up when connection after connection brings nothing", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("blobs", (_request, response) => response.destroy())
      const { error } = yield* read(registry, descriptor(), { retryFor: Duration.millis(500) })
      assert.strictEqual(error?._tag, "RegistryUnreachable")
      assert.isAtMost(registry.requests.length, 4)
    })
  )

  it.live.each([400, 401, 403, 404, 410])(
    "goes on from the storage address it was found at, and asks anew when that has expired: %i",
    (expired) =>
      Effect.gen(function* () {
        const storage = yield* fakeRegistry()
        const registry = yield* fakeRegistry({ auth: "none" })
        const location = () => ({ Location: `http://${storage.host}/signed/${registry.requests.length}` })
        registry.on("blobs", (_request, response) => response.writeHead(307, location()).end())
        storage.on(
          "/signed/1",
          (_request, response) => {
            response.writeHead(200, { "Content-Length": content.length })
            response.write(content.subarray(0, 50_000), () => response.destroy())
          },
          1
        )
        storage.on("/signed/1", (_request, response) => response.writeHead(expired).end())
        storage.on("/signed/2", (request, response) => {
          const range = `bytes ${offsetOf(request)}-${content.length - 1}/${content.length}`
          response.writeHead(206, { "Content-Range": range }).end(content.subarray(offsetOf(request)))
        })
        const { bytes, error } = yield* read(registry, descriptor(), open(registry.host, storage.host))
        assert.isUndefined(error)
        assert.isTrue(bytes.equals(content))
        assert.deepStrictEqual(
          storage.requests.map(({ url }) => url.pathname),
          ["/signed/1", "/signed/1", "/signed/2"]
        )
      })
  )

  it.live("is asked for again where registry, storage or a layer's own address cannot just now", () =>
    Effect.gen(function* () {
      const storage = yield* fakeRegistry()
      const registry = yield* fakeRegistry()
      const hosts = open(registry.host, storage.host)
      const notNow = { "Retry-After": "0" }
      registry.on("blobs", (_request, response) => response.writeHead(429, notNow).end(), 1)
      registry.on(
        "blobs",
        (_request, response) => response.writeHead(307, { Location: `http://${storage.host}/signed` }).end(),
        1
      )
      storage.on(
        "/signed",
        (_request, response) => {
          response.writeHead(200, { "Content-Length": content.length })
          response.write(content.subarray(0, 50_000), () => response.destroy())
        },
        1
      )
      storage.on("/signed", (_request, response) => response.writeHead(503, notNow).end(), 1)
      storage.on("/signed", (_request, response) => response.end(content))
      const signed = yield* read(registry, descriptor(), hosts)
      assert.isTrue(signed.bytes.equals(content))
      assert.deepStrictEqual([registry.requests.length, storage.requests.length], [2, 3])

      storage.on("/foreign", (_request, response) => response.writeHead(503, notNow).end(), 1)
      storage.on("/foreign", (_request, response) => response.end(content))
      const foreign = new Descriptor({ ...descriptor(), urls: [`http://${storage.host}/foreign`] })
      assert.isTrue((yield* read(registry, foreign, hosts)).bytes.equals(content))
      assert.strictEqual(storage.to("/foreign").length, 2)
    })
  )

  it.live("of a registry that limits its callers hands on how long to wait", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("blobs", (_request, response) => response.writeHead(429, { "Retry-After": "45" }).end())
      assert.deepInclude((yield* read(registry)).error, { _tag: "RegistryRateLimited", retryAfter: 45 })
    })
  )

  it.live("that comes in parts no longer than the registry likes is put together", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on(
        "blobs",
        (_request, response) => {
          response.writeHead(200, { "Content-Length": content.length })
          response.write(content.subarray(0, 10_000), () => response.destroy())
        },
        1
      )
      registry.on("blobs", (request, response) => {
        const start = offsetOf(request)
        const end = Math.min(start + 50_000, content.length)
        const range = `bytes ${start}-${end - 1}/${content.length}`
        response.writeHead(206, { "Content-Range": range }).end(content.subarray(start, end))
      })
      const { bytes, error } = yield* read(registry)
      assert.isUndefined(error)
      assert.isTrue(bytes.equals(content))
    })
  )

  it.live("that the registry does not have, or does not give, is not found or denied", () =>
    Effect.gen(function* () {
      for (const [status, tag] of [
        [404, "ImageNotFound"],
        [403, "RegistryDenied"],
        [418, "RegistryUnreachable"]
      ] as const) {
        const registry = yield* fakeRegistry()
        registry.on("blobs", (_request, response) => response.writeHead(status).end())
        assert.strictEqual((yield* read(registry)).error?._tag, tag)
      }
    })
  )

  it.live("may be named by its SHA-512", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("blobs", (_request, response) => response.end(content))
      const hash = Digest.make(`sha512:${createHash("sha512").update(content).digest("hex")}`)
      assert.isUndefined((yield* read(registry, descriptor(content.length, hash))).error)
    })
  )

  it.live("that is too short, too long, or not what its digest says is corrupt", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("blobs", (_request, response) => response.end(content))
      for (const wanted of [
        descriptor(content.length + 1),
        descriptor(content.length - 1),
        descriptor(content.length, Digest.make(sha256(Buffer.from("another"))))
      ]) {
        assert.strictEqual((yield* read(registry, wanted)).error?._tag, "LayerCorrupt")
      }
    })
  )

  it.live("is corrupt when a range is answered with another range, or with none", () =>
    Effect.gen(function* () {
      for (const [status, range] of [
        [206, `bytes 0-${content.length - 1}/${content.length}`],
        [206, undefined],
        [206, `bytes 50000-${content.length - 1}/${content.length + 1}`],
        [416, `bytes */${content.length}`]
      ] as const) {
        const registry = yield* fakeRegistry()
        registry.on(
          "blobs",
          (_request, response) => {
            response.writeHead(200, { "Content-Length": content.length })
            response.write(content.subarray(0, 50_000), () => response.destroy())
          },
          1
        )
        registry.on("blobs", (_request, response) =>
          response.writeHead(status, range === undefined ? {} : { "Content-Range": range }).end(content)
        )
        assert.strictEqual((yield* read(registry)).error?._tag, "LayerCorrupt")
      }
    })
  )

  it.live("that never ends, or goes silent, is cut off", () =>
    Effect.gen(function* () {
      const endless = yield* fakeRegistry()
      endless.on("blobs", (_request, response) => {
        const pour = () => {
          while (!response.destroyed && response.write(content));
        }
        response.on("drain", pour)
        pour()
      })
      const { error, fetched } = yield* read(endless)
      assert.strictEqual(error?._tag, "LayerCorrupt")
      assert.isBelow(fetched, 4 * content.length + 1_000_000)

      const silent = yield* fakeRegistry()
      silent.on("blobs", (_request, response) => response.writeHead(200).write(content.subarray(0, 10)))
      const timed = yield* read(silent, descriptor(), { idleTimeout: Duration.millis(50) })
      assert.strictEqual(timed.error?._tag, "RegistryTimeout")
      assert.strictEqual(timed.bytes.length, 10)
    })
  )

  it.live("whose connection goes silent after it brought something is taken up again there", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const silentAfter = (end: number) =>
        registry.on(
          "blobs",
          (request, response) => {
            const start = offsetOf(request)
            const range = `bytes ${start}-${content.length - 1}/${content.length}`
            response.writeHead(start === 0 ? 200 : 206, {
              "Content-Length": content.length - start,
              ...(start === 0 ? {} : { "Content-Range": range })
            })
            response.write(content.subarray(start, end))
            if (end === content.length) response.end()
          },
          1
        )
      for (const end of [10_000, 60_000, content.length]) silentAfter(end)
      const { bytes, error, fetched } = yield* read(registry, descriptor(), { idleTimeout: Duration.millis(50) })
      assert.isUndefined(error)
      assert.isTrue(bytes.equals(content))
      assert.strictEqual(fetched, content.length)
    })
  )

  it.live("waits for a reader who takes its time, and does not pile up meanwhile", () =>
    Effect.gen(function* () {
      const size = 640 * content.length
      const registry = yield* fakeRegistry()
      let sent = 0
      registry.on("blobs", (_request, response) => {
        response.writeHead(200, { "Content-Length": size })
        const pour = () => {
          for (let hasRoom = true; hasRoom && sent < size; sent += content.length) hasRoom = response.write(content)
        }
        response.on("drain", pour)
        pour()
      })
      const session = yield* openSession(`${registry.host}/team/app`).pipe(Effect.provide(client(open(registry.host))))
      const pull = yield* Stream.toPull(session.blob(descriptor(size)))
      yield* pull
      yield* Effect.promise(() => untilStill(() => sent))
      // What is beyond this machine's own buffers waits with the sender.
      assert.isBelow(sent, size / 4)
    })
  )

  it.live("whose reader stops early costs no more than what was on its way, and its connection is cut", () =>
    Effect.gen(function* () {
      const big = randomBytes(32 * 1024 * 1024)
      const pushed = image([big])
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      const fetched = yield* Effect.gen(function* () {
        const session = yield* openSession(`${registry.host}/team/app`)
        yield* Stream.runDrain(Stream.take(session.blob(descriptor(big.length, Digest.make(sha256(big)))), 1))
        // The session goes on.
        yield* Effect.promise(() => until(() => registry.connections.size === 0))
        return yield* session.bytesFetched
      }).pipe(Effect.provide(client(open(registry.host))))
      assert.isBelow(fetched, 1024 * 1024)
    })
  )
})

describe("a blob that is read sparingly", () => {
  const big = randomBytes(3 * 1024 * 1024)
  const pushed = image([big])
  const wanted = descriptor(big.length, Digest.make(sha256(big)))
  const ranges = (registry: FakeRegistry) => registry.to("blobs").map(({ headers }) => headers.range)

  /** Reads until it has `enough`; then what it cost. */
  const readSome = (registry: FakeRegistry, enough: number, hosts = open(registry.host)) =>
    Effect.gen(function* () {
      const session = yield* openSession(`${registry.host}/team/app`)
      const received: Array<Uint8Array> = []
      let length = 0
      yield* session.blob(wanted, "sparing").pipe(
        Stream.rechunk(1),
        Stream.takeUntil((chunk) => {
          received.push(chunk)
          length += chunk.length
          return length >= enough
        }),
        Stream.runDrain
      )
      return { bytes: Buffer.concat(received), fetched: yield* session.bytesFetched }
    }).pipe(Effect.provide(client(hosts)), Effect.scoped)

  it.live("comes in parts that grow, over one connection, for as long as it is wanted", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      let connections = 0
      registry.onConnection = () => connections++
      const near = yield* readSome(registry, 10_000)
      assert.deepStrictEqual(ranges(registry), ["bytes=0-65535"])
      assert.isAtMost(near.fetched, 65_536)

      const whole = yield* readSome(registry, Number.POSITIVE_INFINITY)
      assert.isTrue(whole.bytes.equals(big))
      assert.strictEqual(whole.fetched, big.length)
      assert.deepStrictEqual(ranges(registry).slice(1), [
        "bytes=0-65535",
        "bytes=65536-327679",
        "bytes=327680-1376255",
        "bytes=1376256-"
      ])
      assert.strictEqual(connections, 2)
    })
  )

  it.live("is checked against its digest when all of it was read", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      registry.on(
        "blobs",
        (_request, response) => {
          response.writeHead(206, { "Content-Range": `bytes 0-65535/${big.length}`, "Content-Length": 65_536 })
          response.end(Buffer.alloc(65_536))
        },
        1
      )
      const error = yield* Effect.flip(readSome(registry, Number.POSITIVE_INFINITY))
      assert.strictEqual(error._tag, "LayerCorrupt")
    })
  )

  it.live("comes as one stream, cut when enough has come, where ranges are unknown", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      registry.on("blobs", (request, response) => registry.answer({ ...request, headers: {} }, response))
      const whole = yield* readSome(registry, Number.POSITIVE_INFINITY)
      assert.isTrue(whole.bytes.equals(big))
      assert.strictEqual(whole.fetched, big.length)
      assert.strictEqual(ranges(registry).length, 1)
      assert.isBelow((yield* readSome(registry, 10_000)).fetched, big.length)
    })
  )

  it.live("goes on where a connection broke in the midst of a part", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      registry.on(
        "blobs",
        (_request, response) => {
          response.writeHead(206, { "Content-Range": `bytes 0-65535/${big.length}`, "Content-Length": 65_536 })
          response.write(big.subarray(0, 20_000), () => response.destroy())
        },
        1
      )
      const { bytes } = yield* readSome(registry, Number.POSITIVE_INFINITY)
      assert.isTrue(bytes.equals(big))
      assert.deepStrictEqual(ranges(registry).slice(0, 2), ["bytes=0-65535", "bytes=20000-145535"])
    })
  )

  it.live("is corrupt when a part is longer than the one asked for", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("blobs", (_request, response) =>
        response.writeHead(206, { "Content-Range": `bytes 0-${big.length - 1}/${big.length}` }).end(big)
      )
      assert.strictEqual((yield* Effect.flip(readSome(registry, 1)))._tag, "LayerCorrupt")
    })
  )

  it.live("is looked for once, and then asked of the storage host that has it", () =>
    Effect.gen(function* () {
      const storage = yield* fakeRegistry()
      const registry = yield* fakeRegistry()
      storage.put("team/app", pushed)
      registry.on("blobs", ({ url }, response) =>
        response.writeHead(307, { Location: `http://${storage.host}${url.pathname}?signature=secret` }).end()
      )
      const { bytes } = yield* readSome(registry, Number.POSITIVE_INFINITY, open(registry.host, storage.host))
      assert.isTrue(bytes.equals(big))
      assert.strictEqual(registry.to("blobs").length, 1)
      assert.strictEqual(storage.requests.length, 4)
    })
  )

  it.live("is looked for by one when the address that many use has expired", () =>
    Effect.gen(function* () {
      const storage = yield* fakeRegistry()
      const registry = yield* fakeRegistry()
      storage.put("team/app", pushed)
      let valid = 1
      registry.on("blobs", ({ url }, response) =>
        response.writeHead(307, { Location: `http://${storage.host}${url.pathname}?signature=${valid}` }).end()
      )
      storage.on("blobs", (request, response) => {
        if (request.url.searchParams.get("signature") === String(valid)) storage.answer(request, response)
        else response.writeHead(403).end()
      })
      yield* Effect.gen(function* () {
        const session = yield* openSession(`${registry.host}/team/app`)
        yield* Stream.runDrain(session.blob(wanted))
        valid = 2
        const readers = Array.from({ length: 5 }, () => Stream.runDrain(session.blob(wanted)))
        yield* Effect.all(readers, { concurrency: "unbounded" })
      }).pipe(Effect.provide(client(open(registry.host, storage.host))), Effect.scoped)
      assert.strictEqual(registry.to("blobs").length, 2)
    })
  )
})
