import { createServer } from "node:http"
import { text as textOf } from "node:stream/consumers"
import { gzipSync } from "node:zlib"
import { Effect, Exit, Redacted, Schema, Scope } from "effect"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { tarball } from "../domain/image/support/tarball.ts"
import { newDatabase } from "../support/postgres/databases.ts"
import { type RedisServer, startRedis } from "../support/redis/server.ts"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { portOf } from "../support/registry/port.ts"
import { rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { until } from "../support/until.ts"

const LONG = 120_000
const CANARY = "canary5d81e"
const PASSWORD = `${CANARY} of a password`
const ada = { email: `${CANARY}@example.com`, password: PASSWORD }

const Traces = Schema.fromJsonString(
  Schema.Struct({
    resourceSpans: Schema.Array(
      Schema.Struct({
        scopeSpans: Schema.Array(
          Schema.Struct({
            spans: Schema.Array(
              Schema.Struct({
                traceId: Schema.String,
                spanId: Schema.String,
                parentSpanId: Schema.optionalKey(Schema.String),
                name: Schema.String
              })
            )
          })
        )
      })
    )
  })
)

describe("the traces of a service that has a collector", () => {
  const folder = disposableFolder()
  const scope = Scope.makeUnsafe()
  const received: Array<string> = []
  const collector = createServer((request, response) => {
    void textOf(request).then((body) => {
      received.push(body)
      return response.writeHead(200, { "content-type": "application/json" }).end("{}")
    })
  })
  let redis: RedisServer
  let service: Service
  let metrics: string

  const spans = () =>
    received.flatMap((body) =>
      Schema.decodeUnknownSync(Traces)(body).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((each) => each.spans)
      )
    )

  /** The names of all that belongs to the request. */
  const traceOf = (name: string) => {
    const all = spans()
    const root = all.find((span) => span.name === name)
    expect(root?.parentSpanId, name).toBe(undefined)
    const trace = all.filter(({ traceId }) => traceId === root?.traceId)
    const ids = new Set(trace.map(({ spanId }) => spanId))
    for (const { parentSpanId: parent } of trace) if (parent !== undefined) expect(ids).toContain(parent)
    return trace.map((span) => span.name)
  }

  beforeAll(async () => {
    redis = await startRedis()
    const database = Redacted.value(await Effect.runPromise(Scope.provide(newDatabase, scope)))
    const registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
    registry.put("team/app", image([gzipSync(tarball({ name: "notes.txt", content: "notes" }))]))
    service = await startService({
      KEYHOLE_DATA_DIR: folder.path,
      KEYHOLE_SECRET: `${CANARY}, a secret of thirty-two bytes`,
      DATABASE_URL: database,
      REDIS_URL: redis.url,
      KEYHOLE_ARGON2_MEMORY: "64",
      KEYHOLE_ARGON2_TIME: "1",
      KEYHOLE_REGISTRY_PRIVATE: registry.host,
      KEYHOLE_REGISTRY_INSECURE: registry.host,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await Effect.runPromise(portOf(collector))}`,
      OTEL_BSP_SCHEDULE_DELAY: "50"
    })
    const { get, post } = rest(service.url)
    await post("/auth/register", ada)
    const { body } = await post("/auth/login", ada)
    await post("/auth/login", { ...ada, password: `${CANARY}, which is wrong` })
    await post("/auth/refresh", { refresh_token: `${body.refresh_token}.${CANARY}` })
    const query = `image=${registry.host}/team/app&path=/notes.txt`
    expect((await get(`/images/file?${query}`, body.access_token)).body).toBe("notes")
    const signed = `http://169.254.169.254/storage?X-Amz-Signature=${CANARY}`
    registry.on("/manifests/", (_, response) => response.writeHead(307, { location: signed }).end(), 1)
    expect((await get(`/images/files?image=${registry.host}/team/app:${CANARY}`, body.access_token)).status).not.toBe(
      200
    )
    // Somebody else has to be told of a log-out, and is by Redis.
    const client = new Client(database)
    await client.connect()
    await client.query("insert into instance (id, beats) values ('another', 0)")
    await client.end()
    await post("/auth/logout", undefined, body.access_token)
    metrics = String((await get("/metrics")).body)
    // What is still to be sent is, at the end.
    expect(await service.end("SIGTERM")).toBe(0)
    await until(() => spans().some(({ name }) => name === "POST /auth/logout"), LONG)
  }, LONG)
  afterAll(async () => {
    collector.close()
    await redis.kill()
    await Effect.runPromise(Scope.close(scope, Exit.void))
    folder[Symbol.dispose]()
  }, LONG)

  it("go from the request to the database and the registry, also for what is read while it is sent", () => {
    const names = traceOf("GET /images/file")
    expect(names).toEqual(expect.arrayContaining(["carveAs", "database", "registry"]))
  })

  it("go from the request to Redis", () => {
    expect(traceOf("POST /auth/logout")).toEqual(expect.arrayContaining(["database", "redis"]))
  })

  it("have no secret in them, and neither have metrics and logs", () => {
    expect(spans().length).toBeGreaterThan(30)
    for (const text of [...received, metrics, service.output()]) expect(text).not.toContain(CANARY)
  })
})
