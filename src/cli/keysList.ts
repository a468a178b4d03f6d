import { DateTime, Effect, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import type { Key } from "../domain/key/Key.ts"
import { KeyStore } from "../domain/key/KeyStore.ts"
import { Application } from "./Application.ts"
import { inWords } from "./Failed.ts"
import { printLines } from "./output.ts"
import { table } from "./table.ts"

const jsonFlag = Flag.Boolean("json").pipe(Flag.withDescription("As one JSON document"), Flag.withDefault(false))

const document = ({ id, state, createdAt, since }: Key) => ({
  kid: id,
  state: state._tag.toLowerCase(),
  created_at: DateTime.formatIso(createdAt),
  since: DateTime.formatIso(since),
  ...(state._tag === "Retiring" ? { until: DateTime.formatIso(state.until) } : {})
})

const HEAD = ["KID", "STATE", "CREATED", "SINCE", "UNTIL"]

const rowOf = (key: Key): ReadonlyArray<string> => {
  const { kid, state, created_at, since, until = "-" } = document(key)
  return [kid, state, created_at, since, until]
}

export const list = Command.make("list", { json: jsonFlag }, ({ json }) =>
  Effect.gen(function* () {
    const application = yield* Application
    yield* application.databaseThere
    const listed = Effect.gen(function* () {
      const keys = yield* (yield* KeyStore).all
      const lines = json ? [JSON.stringify({ keys: keys.map(document) })] : table([HEAD, ...keys.map(rowOf)])
      yield* printLines(Stream.fromIterable(lines))
    })
    yield* Effect.provide(inWords(listed), application.keys)
  })
).pipe(Command.withDescription("List the signing keys: next, current, and retiring ones"))
