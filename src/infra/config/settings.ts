import { LONGEST_ACCESS_TTL } from "../../domain/token/AccessToken.ts"
import { LONGEST_LEEWAY } from "../../domain/token/TokenSettings.ts"
import {
  bytes,
  count,
  duration,
  host,
  hostPorts,
  issuer,
  networks,
  onOrOff,
  origins,
  orNever,
  serverUrl,
  text
} from "./Kind.ts"
import { databaseUrl, masterSecret, redisUrl } from "./secretKinds.ts"
import { type Documented, optional, setting } from "./Setting.ts"

const named = (name: string, value: string, description: string): Documented => ({ name, default: value, description })

/** Every variable that is read. The table in the README is this one. */
export const settings = {
  host: setting(named("HOST", "127.0.0.1", "the address to listen on"), host),
  port: setting(named("PORT", "8080", "the port to listen on; 0 takes a free one"), count(0, 65_535)),
  dataDirectory: setting(
    named("KEYHOLE_DATA_DIR", "./data", "where the embedded database and a generated secret are kept"),
    text("a path")
  ),
  databaseUrl: optional(
    named(
      "DATABASE_URL",
      "SQLite in the data directory",
      "a PostgreSQL database, `postgres://user:password@host/database`"
    ),
    databaseUrl
  ),
  redisUrl: optional(
    named(
      "REDIS_URL",
      "none",
      "a Redis server, `redis://user:password@host:6379/0`: instances hear of each other's changes at once"
    ),
    redisUrl
  ),
  secret: optional(
    named(
      "KEYHOLE_SECRET",
      "generated, kept in the data directory",
      "encrypts the signing keys and the credentials for registries at rest; at least 32 bytes, and required when `NODE_ENV=production`"
    ),
    masterSecret
  ),
  issuer: optional(named("KEYHOLE_ISSUER", "http://HOST:PORT", "the `iss` of the tokens"), issuer),
  audience: setting(named("KEYHOLE_AUDIENCE", "keyhole", "the `aud` of the tokens"), text("a name")),
  accessTtl: setting(
    named("KEYHOLE_ACCESS_TTL", "30 minutes", "how long an access token lives"),
    duration("1 second", "30 minutes", LONGEST_ACCESS_TTL)
  ),
  refreshTtl: setting(
    named("KEYHOLE_REFRESH_TTL", "7 days", "how long a refresh token lives"),
    duration("1 second", "7 days")
  ),
  refreshGrace: setting(
    named("KEYHOLE_REFRESH_GRACE", "10 seconds", "how long a replaced refresh token still gets the live one"),
    duration("0 seconds", "10 seconds", "5 minutes")
  ),
  leeway: setting(
    named("KEYHOLE_CLOCK_LEEWAY", "5 seconds", "how far clocks may differ"),
    duration("0 seconds", "5 seconds", LONGEST_LEEWAY)
  ),
  keyRotation: setting(
    named(
      "KEYHOLE_KEY_ROTATION",
      "30 days",
      "how long a signing key signs; `never` leaves it to `keyhole keys rotate`"
    ),
    orNever(duration("1 day", "30 days"))
  ),
  sessionTtl: setting(
    named("KEYHOLE_SESSION_TTL", "24 hours", "how long a cookie session lives after it was used"),
    duration("1 second", "24 hours")
  ),
  sessionMax: setting(
    named("KEYHOLE_SESSION_MAX", "30 days", "how long a cookie session lives in all"),
    duration("1 second", "30 days")
  ),
  sessionIdle: optional(
    named("KEYHOLE_SESSION_IDLE", "none", "how long a cookie session may be left unused, where that is less"),
    duration("1 second", "60 minutes")
  ),
  maxSessions: setting(
    named("KEYHOLE_MAX_SESSIONS", "10", "live sessions a user; one more closes the oldest"),
    count(1, 10_000)
  ),
  geoip: optional(
    named("KEYHOLE_GEOIP", "none", "a MaxMind-format file with countries to show; read at start"),
    text("a path")
  ),
  trustProxy: optional(
    named(
      "KEYHOLE_TRUST_PROXY",
      "none",
      "addresses or networks of the proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; each must set or strip all three"
    ),
    networks
  ),
  corsOrigins: optional(
    named(
      "KEYHOLE_CORS_ORIGINS",
      "none",
      "`https://host,…`: other origins whose pages may call the service, cookies included"
    ),
    origins
  ),
  rateLimit: setting(
    named("KEYHOLE_RATE_LIMIT", "on", "`off` lets everybody guess passwords as fast as they can: for load tests"),
    onOrOff
  ),
  eventRetention: setting(
    named("KEYHOLE_EVENT_RETENTION", "365 days", "how long events are kept; image history for at most 90 days of it"),
    duration("1 day", "365 days", "3650 days")
  ),
  argon2Memory: setting(
    named("KEYHOLE_ARGON2_MEMORY", "19456", "memory of one password hash, in KiB"),
    count(8, 4_194_304)
  ),
  argon2Time: setting(named("KEYHOLE_ARGON2_TIME", "2", "passes of one password hash"), count(1, 100)),
  argon2Concurrency: optional(
    named("KEYHOLE_ARGON2_CONCURRENCY", "number of cores", "password hashes computed at once"),
    count(1, 1024)
  ),
  argon2Queue: setting(
    named("KEYHOLE_ARGON2_QUEUE", "64", "password hashes that may wait; what is more gets a 503"),
    count(0, 100_000)
  ),
  registryPrivate: optional(
    named("KEYHOLE_REGISTRY_PRIVATE", "none", "`host:port,…` in private address space that may be reached"),
    hostPorts
  ),
  registryInsecure: optional(
    named("KEYHOLE_REGISTRY_INSECURE", "none", "`host:port,…` spoken to over plain HTTP"),
    hostPorts
  ),
  server: optional(
    named("KEYHOLE_SERVER", "none", "the Keyhole server that `peek` and `carve` ask unless `--server` names another"),
    serverUrl
  ),
  layerMaxBytes: setting(
    named("KEYHOLE_LAYER_MAX_BYTES", "16 GiB", "bytes of a layer after decompression"),
    bytes("16 GiB")
  ),
  layerMaxEntries: setting(
    named("KEYHOLE_LAYER_MAX_ENTRIES", "2000000", "entries of a layer"),
    count(1, 1_000_000_000)
  ),
  imageMaxBytes: setting(
    named("KEYHOLE_IMAGE_MAX_BYTES", "64 GiB", "bytes of all layers that one peek or carve reads, after decompression"),
    bytes("64 GiB")
  ),
  imageMaxEntries: setting(
    named("KEYHOLE_IMAGE_MAX_ENTRIES", "4000000", "entries of all layers that one peek or carve reads"),
    count(1, 1_000_000_000)
  ),
  readings: setting(
    named(
      "KEYHOLE_READINGS",
      "16",
      "readings of images at work at once: peeks, carves, downloads, manifests, tags, searches; one user has half of them at most, and waits for more"
    ),
    count(1, 10_000)
  ),
  readingsQueue: setting(
    named("KEYHOLE_READINGS_QUEUE", "64", "how many more of one user may wait; what is more gets a 503"),
    count(0, 100_000)
  ),
  layerTimeout: setting(
    named("KEYHOLE_LAYER_TIMEOUT", "10 minutes", "how long reading one layer may take"),
    duration("1 second", "10 minutes", "1 day")
  ),
  collector: optional(
    named(
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "none",
      "where traces are collected, `http://host:4318`; other `OTEL_…` variables of the standard count then"
    ),
    issuer
  )
}

/** What the README's table says, in its order. */
export const documented: ReadonlyArray<Documented> = Object.values(settings)
