import { Console, DateTime, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { KeyStore } from "../domain/key/KeyStore.ts"
import type { RotatedTooSoon } from "../domain/key/keyRotation.ts"
import { rotateKeys, type Taken } from "../domain/key/rotateKeys.ts"
import { KeyId } from "../domain/token/TokenSigner.ts"
import { Application } from "./Application.ts"
import { Failed, inWords } from "./Failed.ts"
import { operator } from "./operator.ts"

const CURRENT = "current"

const dropFlag = Flag.String("drop").pipe(
  Flag.withMetavar("kid"),
  Flag.withDescription("After a leak: end this key (or `current`) and its tokens"),
  Flag.map((text) => (text === CURRENT ? text : KeyId.make(text))),
  Flag.optional
)

const told = (step: Taken): string => {
  switch (step._tag) {
    case "Published":
      return step.as === "Next" ? `${step.key} is published and signs next.` : `${step.key} signs from now on.`
    case "Activated":
      return `${step.key} signs from now on.`
    case "Retired":
      return `${step.key} retires: its tokens are accepted until ${DateTime.formatIso(step.until)}.`
    case "Removed":
      return `${step.key} is gone: no token it signed is accepted.`
  }
}

const tooSoon = ({ next, readyAt }: RotatedTooSoon) =>
  new Failed({
    message:
      `The next key, ${next}, was published a moment ago, and services that verify tokens may not have seen it. Rotate again ` +
      `after ${DateTime.formatIso(readyAt)}; after a leak, drop the key that leaked with --drop.`
  })

const hasNewCurrent = (taken: ReadonlyArray<Taken>): boolean =>
  taken.some((step) => step._tag === "Activated" || (step._tag === "Published" && step.as === "Current"))

/** Where no service was started yet, or none since an upgrade, there is no key that could sign next before this. */
const rotated = Effect.gen(function* () {
  const first = yield* rotateKeys({ _tag: "Rotate" }, operator)
  return hasNewCurrent(first) ? first : [...first, ...(yield* rotateKeys({ _tag: "Rotate" }, operator))]
})

const carryOut = Effect.fnUntraced(function* (drop: Option.Option<KeyId | "current">) {
  const taken = yield* Option.match(drop, {
    onNone: () => rotated,
    onSome: (key) => rotateKeys({ _tag: "Drop", key }, operator)
  })
  const keys = yield* (yield* KeyStore).all
  const current = keys.find(({ state }) => state._tag === "Current")
  if (current !== undefined) yield* Console.log(current.id)
  yield* Effect.forEach(taken, (step) => Console.error(told(step)), { discard: true })
})

export const rotate = Command.make("rotate", { drop: dropFlag }, ({ drop }) =>
  Effect.gen(function* () {
    const application = yield* Application
    yield* application.databaseThere
    const rotation = Effect.catchTag(carryOut(drop), "RotatedTooSoon", (error) => Effect.fail(tooSoon(error)))
    yield* Effect.provide(inWords(rotation), application.keys)
  })
).pipe(Command.withDescription("Let the next key sign; the current one retires"))
