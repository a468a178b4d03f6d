import { Option, Redacted } from "effect"
import * as postgres from "../database/postgres/postgresUrl.ts"
import * as redis from "../redis/redisUrl.ts"
import { secretFault } from "../secret/secretFault.ts"
import { type Kind, kind } from "./Kind.ts"

/** What is shown to nobody, not even where it is wrong. */
const secretKind = (accepts: string, fits: (text: string) => boolean): Kind<Redacted.Redacted<string>> => ({
  ...kind(accepts, (text) => (fits(text) ? Option.some(Redacted.make(text)) : Option.none())),
  secret: true
})

export const masterSecret = secretKind(
  "at least 32 bytes that nobody can guess, such as `openssl rand -base64 32` prints",
  (text) => secretFault(text) === undefined
)

/** Both URLs have a password in them. */
export const databaseUrl = secretKind(postgres.ACCEPTED, postgres.isPostgresUrl)
export const redisUrl = secretKind(redis.ACCEPTED, redis.isRedisUrl)
