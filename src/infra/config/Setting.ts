import { Config, Effect, Option } from "effect"
import type { Kind } from "./Kind.ts"

/** A variable of the environment, and the line it has in the README. */
export interface Documented {
  readonly name: string
  /** As people read it. */
  readonly default: string
  readonly description: string
}

export interface Setting<out A> extends Documented {
  /** The value, or one sentence that says what is wrong with it. */
  readonly read: Effect.Effect<A, string>
}

/** What the variable holds; a variable that is set to nothing is as good as unset. */
export const variable = (name: string): Effect.Effect<Option.Option<string>, string> =>
  Config.option(Config.String(name)).pipe(
    Effect.map(Option.filter((value) => value !== "")),
    Effect.mapError(() => `${name} cannot be read.`)
  )

const parse = <A>(name: string, kind: Kind<A>, value: string): Effect.Effect<A, string> => {
  const shown = kind.secret === true ? "" : `, and is ${JSON.stringify(value)}`
  return Option.match(kind.parse(value), {
    onNone: () => Effect.fail(`${name} must be ${kind.accepts}${shown}.`),
    onSome: Effect.succeed
  })
}

/** A setting whose default is written as a value of it would be. */
export const setting = <A>(documented: Documented, kind: Kind<A>): Setting<A> => ({
  ...documented,
  read: Effect.flatMap(variable(documented.name), (value) =>
    parse(
      documented.name,
      kind,
      Option.getOrElse(value, () => documented.default)
    )
  )
})

/** A setting whose default depends on something else, or is nothing at all. */
export const optional = <A>(documented: Documented, kind: Kind<A>): Setting<Option.Option<A>> => ({
  ...documented,
  read: Effect.flatMap(
    variable(documented.name),
    Option.match({
      onNone: () => Effect.succeed(Option.none<A>()),
      onSome: (value) => Effect.asSome(parse(documented.name, kind, value))
    })
  )
})
