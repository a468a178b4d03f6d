import { createServer, type Socket } from "node:net"
import { readFile } from "node:fs/promises"
import { createServer as createSecureServer } from "node:https"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { Resolver, Unresolved } from "../../../src/infra/registry/Resolver.ts"
import { command } from "../../support/registry/command.ts"
import { fakeRegistry } from "../../support/registry/fake.ts"
import { image } from "../../support/registry/layout.ts"
import { portOf } from "../../support/registry/port.ts"
import { type ClientOptions, client, open, openSession } from "../../support/registry/session.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const pushed = image([Buffer.from("layer")])

const manifest = (host: string, options: ClientOptions) =>
  Effect.flatMap(openSession(`${host}/team/app`), (session) => session.manifest("latest")).pipe(
    Effect.provide(client({ retryFor: Duration.zero, ...options }))
  )

const failure = (host: string, options: ClientOptions) =>
  Effect.map(Effect.flip(manifest(host, options)), (error) => JSON.stringify(error))

/** Something that listens and is no registry. */
const listening = (onConnection: (socket: Socket) => void) =>
  Effect.gen(function* () {
    const sockets = new Set<Socket>()
    const server = yield* Effect.acquireRelease(
      Effect.sync(() => createServer()),
      (made) =>
        Effect.sync(() => {
          for (const socket of sockets) socket.destroy()
          made.close()
        })
    )
    server.on("connection", (socket) => {
      sockets.add(socket)
      socket.on("error", () => undefined)
      onConnection(socket)
    })
    return `127.0.0.1:${yield* portOf(server)}`
  })

const atLoopback = Layer.succeed(Resolver, { resolve: () => Effect.succeed(["127.0.0.1"]) })

const CERTIFICATE =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=registry.example -addext subjectAltName=DNS:registry.example".split(
    " "
  )

/** A registry behind TLS, its certificate made out to `registry.example` by an authority of its own. */
const secureRegistry = Effect.gen(function* () {
  const registry = yield* fakeRegistry({ auth: "bearer", realm: "http://registry.example/token" })
  const folder = yield* temporaryFolder
  const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")]
  yield* command("openssl", ...CERTIFICATE, "-keyout", keyFile, "-out", certificateFile)
  const [key, cert] = yield* Effect.promise(() =>
    Promise.all([readFile(keyFile, "utf8"), readFile(certificateFile, "utf8")])
  )
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => createSecureServer({ key, cert }, (message, response) => registry.handle(message, "", response))),
    (made) => Effect.sync(() => made.closeAllConnections()).pipe(Effect.andThen(Effect.sync(() => made.close())))
  )
  const port = yield* portOf(server)
  return { registry, cert, port, host: `registry.example:${port}` }
})

describe("the connection", () => {
  it.live.each([
    ["an answer that is not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "not HTTP"],
    ["a header without end", `HTTP/1.1 200 OK\r\nX: ${"a".repeat(100_000)}`, "too big"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "not HTTP"],
    [
      "length and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "not HTTP"
    ]
  ] as const)("does not survive %s", ([, answer, why]) =>
    Effect.gen(function* () {
      const host = yield* listening((socket) => void socket.once("data", () => socket.write(answer)))
      const error = yield* failure(host, open(host))
      assert.include(error, "RegistryUnreachable")
      assert.include(error, why)
    })
  )

  it.live("is not made to a name that has no address, or does not exist", () =>
    Effect.gen(function* () {
      const nowhere = Layer.succeed(Resolver, { resolve: () => Effect.succeed([]) })
      assert.include(yield* failure("registry.example", { resolver: nowhere }), "no such host")
      for (const isTemporary of [true, false]) {
        const failing = Layer.succeed(Resolver, { resolve: () => Effect.fail(new Unresolved({ isTemporary })) })
        assert.include(yield* failure("registry.example", { resolver: failing }), "RegistryUnreachable")
      }
      const slow = Layer.succeed(Resolver, { resolve: () => Effect.never })
      const patience = { resolver: slow, connectTimeout: Duration.millis(20) }
      assert.include(yield* failure("registry.example", patience), "RegistryTimeout")
    })
  )

  it.live("finds hosts as the machine does", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      const host = registry.host.replace("127.0.0.1", "localhost")
      assert.strictEqual((yield* manifest(host, open(host))).digest, pushed.manifest.digest)
      assert.include(yield* failure("no-such-host.invalid", {}), "no such host")
    })
  )

  it.live("times out on one who never says a word in TLS, and says so of one who refuses", () =>
    Effect.gen(function* () {
      const silent = yield* listening(() => undefined)
      const patience = { private: [silent], connectTimeout: Duration.millis(50) }
      assert.include(yield* failure(silent, patience), "RegistryTimeout")
      const closed = yield* Effect.scoped(listening(() => undefined))
      assert.include(yield* failure(closed, open(closed)), "refused")
    })
  )

  it.live("is to the address that was checked, its certificate to the name that was asked for", () =>
    Effect.gen(function* () {
      const { registry, cert, host, port } = yield* secureRegistry
      registry.on("manifests", (_request, response) => response.end(pushed.manifest.bytes))
      const options = { private: [host], authorities: [cert], resolver: atLoopback }
      const { digest } = yield* manifest(host, options)
      assert.strictEqual(digest, pushed.manifest.digest)
      assert.include(yield* failure(host, { ...options, authorities: [] }), "certificate")
      const other = `other.example:${port}`
      assert.include(yield* failure(other, { ...options, private: [other] }), "certificate")
      assert.strictEqual(registry.requests.length, 1)
    })
  )

  it.live("over TLS never leads to one without, by realm or by redirect, listed or not", () =>
    Effect.gen(function* () {
      const plain = yield* fakeRegistry()
      const { registry, cert, host } = yield* secureRegistry
      const options = {
        private: [host, plain.host],
        insecure: [plain.host, "registry.example:80"],
        authorities: [cert],
        resolver: atLoopback
      }
      assert.include(yield* failure(host, options), '"hop":"realm","reason":"https never falls to http"')
      registry.on("manifests", (_request, response) =>
        response.writeHead(307, { Location: `http://${plain.host}/v2/team/app/manifests/latest` }).end()
      )
      assert.include(yield* failure(host, options), '"hop":"redirect","reason":"https never falls to http"')
      assert.strictEqual(plain.connections.size, 0)
    })
  )
})
