import { Effect, Option, type Result } from "effect"
import { Argument, CliError, Flag } from "effect/cli"
import { RoleName, viewer } from "../domain/access/Role.ts"
import { Email } from "../domain/identity/Email.ts"
import { parsePlatform } from "../domain/registry/Platform.ts"
import { parse } from "../domain/registry/Reference.ts"

type Parsed<A> = Result.Result<A, { readonly input: string; readonly reason: string }>

/** What a domain parser refuses is wrong use. */
export const accept =
  <A>(kind: "argument" | "flag", option: string, read: (text: string) => Parsed<A>) =>
  (text: string): Effect.Effect<A, CliError.InvalidValue> =>
    Effect.mapError(
      Effect.fromResult(read(text)),
      ({ input, reason }) => new CliError.InvalidValue({ option, value: input, expected: reason, kind })
    )

// What is optional here is a property that may be missing there: a record to spread into the request.

export const imageArgument = Argument.String("image").pipe(
  Argument.withDescription("An image reference, as docker pull takes it"),
  Argument.mapEffect(accept("argument", "image", parse))
)

export const platformFlag = Flag.String("platform").pipe(
  Flag.withDescription("os/arch[/variant]; by default linux/amd64"),
  Flag.mapEffect(accept("flag", "platform", parsePlatform)),
  Flag.optional,
  Flag.map(Option.match({ onNone: () => ({}), onSome: (platform) => ({ platform }) }))
)

export const layerFlag = Flag.String("layer").pipe(
  Flag.withDescription("One layer alone, by index or digest"),
  Flag.optional,
  Flag.map(Option.match({ onNone: () => ({}), onSome: (layer) => ({ layer }) }))
)

export const emailArgument = Argument.String("email").pipe(
  Argument.withDescription("The account's email address"),
  Argument.withSchema(Email)
)

export const roleArgument = Argument.String("role").pipe(
  Argument.withDescription("A role: viewer, operator, admin or one that was defined"),
  Argument.withSchema(RoleName)
)

export const roleFlag = Flag.String("role").pipe(
  Flag.withDescription("viewer, operator, admin or a defined one; by default viewer"),
  Flag.withSchema(RoleName),
  Flag.withDefault(viewer.name)
)
