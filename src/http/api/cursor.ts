import { DateTime, Effect, Schema, SchemaIssue, SchemaTransformation } from "effect"
import { Email } from "../../domain/identity/Email.ts"
import { EventId } from "../../domain/event/SecurityEvent.ts"
import { Digest, isDigest } from "../../domain/registry/Digest.ts"

const isEmail = Schema.is(Email)

/** A place to go on from, as one string that only this service needs to understand. */
const cursor = <S extends Schema.Top>(
  place: S,
  read: (text: string) => S["Type"] | undefined,
  write: (place: S["Type"]) => string
) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.toType(place),
      SchemaTransformation.transformEffect({
        decode: (text: string) => {
          const found = read(text)
          return found === undefined
            ? Effect.fail(new SchemaIssue.InvalidValue({ message: "Not the `next` of an answer" }))
            : Effect.succeed(found)
        },
        encode: (found: S["Type"]) => Effect.succeed(write(found))
      })
    )
  )

/** In what is listed newest first: events, and what is known by one. */
export const EventCursor = cursor(
  Schema.Struct({ at: Schema.DateTimeUtc, id: EventId }),
  (text) => {
    const [, at, id] = /^(\d{1,15})\.([\w-]{1,64})$/u.exec(text) ?? []
    return at === undefined || id === undefined
      ? undefined
      : { at: DateTime.makeUnsafe(Number(at)), id: EventId.make(id) }
  },
  ({ at, id }) => `${DateTime.toEpochMillis(at)}.${id}`
)

/** In the users, who are in the order of their addresses. An address stands in no URL as itself. */
export const UserCursor = cursor(
  Email,
  (text) => {
    const email = Buffer.from(text, "base64url").toString()
    return isEmail(email) ? email : undefined
  },
  (email) => Buffer.from(email).toString("base64url")
)

/** In the layers a user was shown. */
export const NameCursor = cursor(
  Schema.Struct({ image: Schema.String, digest: Digest, layer: Schema.Int, entry: Schema.Int }),
  (text) => {
    const [, entry, layer, digest, image] = /^(\d{1,10})\.(\d{1,6})\.([a-z0-9:]+)\.(.+)$/u.exec(text) ?? []
    return image === undefined || !isDigest(digest)
      ? undefined
      : { image, digest, layer: Number(layer), entry: Number(entry) }
  },
  ({ image, digest, layer, entry }) => `${entry}.${layer}.${digest}.${image}`
)
