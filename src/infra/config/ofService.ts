import { Effect, Layer, Option } from "effect"
import { SessionSettings } from "../../domain/session/SessionSettings.ts"
import { GuessSettings } from "../identity/GuessSettings.ts"
import { CountrySettings } from "../network/CountrySettings.ts"
import { TracingSettings } from "../observability/TracingSettings.ts"
import { RedisSettings } from "../redis/RedisSettings.ts"
import { group } from "./Group.ts"
import { Neighbours } from "./Neighbours.ts"
import { ServerAddress } from "./ServerAddress.ts"
import { settings } from "./settings.ts"

const nothing = () => []

/** What only the service itself needs; it will not start unless every setting is right. */
export const ofService = group(settings, (used) =>
  Layer.mergeAll(
    Layer.effect(RedisSettings, Effect.all({ url: used.redisUrl.read })),
    Layer.effect(TracingSettings, Effect.all({ collector: used.collector.read })),
    Layer.effect(ServerAddress, Effect.all({ host: used.host.read, port: used.port.read })),
    Layer.effect(
      Neighbours,
      Effect.all({
        trustedProxies: Effect.map(used.trustProxy.read, Option.getOrElse(nothing)),
        allowedOrigins: Effect.map(used.corsOrigins.read, (origins) => new Set(Option.getOrElse(origins, nothing)))
      })
    ),
    Layer.effect(
      SessionSettings,
      Effect.all({
        atMost: used.maxSessions.read,
        ttl: used.sessionTtl.read,
        max: used.sessionMax.read,
        idle: Effect.map(used.sessionIdle.read, Option.getOrNull)
      })
    ),
    Layer.effect(CountrySettings, Effect.all({ file: Effect.map(used.geoip.read, Option.getOrNull) })),
    Layer.effect(GuessSettings, Effect.all({ limited: used.rateLimit.read }))
  )
)
