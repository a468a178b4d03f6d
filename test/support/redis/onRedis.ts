import { randomUUID } from "node:crypto"
import { Effect, Layer, Redacted } from "effect"
import { afterAll } from "vitest"
import { Redis, layer } from "../../../src/infra/redis/Redis.ts"
import { type RedisServer, startRedis } from "./server.ts"

/** The server of this file of tests, or the one that `REDIS_URL` names. */
let own: Promise<RedisServer> | undefined
const url = async () => process.env["REDIS_URL"] ?? (await (own ??= startRedis())).url
afterAll(async () => (await own)?.kill())

/** Redis as the service has it, the keys of each use apart from all others. */
export const onRedis = Layer.unwrap(
  Effect.map(Effect.promise(url), (given) =>
    Layer.effect(
      Redis,
      Effect.map(Redis, (redis) => {
        const use = randomUUID()
        return Redis.of({ ...redis, keyOf: (name) => redis.keyOf(`${use}:${name}`) })
      })
    ).pipe(Layer.provide(layer(Redacted.make(given))))
  )
)
