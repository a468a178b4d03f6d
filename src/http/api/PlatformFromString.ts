import { Effect, Result, Schema, SchemaIssue, SchemaTransformation } from "effect"
import { formatPlatform, parsePlatform, Platform } from "../../domain/registry/Platform.ts"

export const PlatformFromString = Schema.String.pipe(
  Schema.decodeTo(
    Schema.instanceOf(Platform),
    SchemaTransformation.transformEffect({
      decode: (input: string) =>
        Effect.fromResult(
          Result.mapError(parsePlatform(input), ({ reason }) => new SchemaIssue.InvalidValue({ message: reason }))
        ),
      encode: (platform) => Effect.succeed(formatPlatform(platform))
    })
  )
)
