import { Layer } from "effect"
import type { Setting } from "./Setting.ts"

/** Settings that are used together, and the plain values that are made of them. */
export interface Group<A> {
  readonly settings: ReadonlyArray<Setting<unknown>>
  readonly layer: Layer.Layer<A, string>
}

/** What is made of these settings and of no others: whoever uses it is told what is wrong with these. */
export const group = <Used extends Readonly<Record<string, Setting<unknown>>>, A>(
  used: Used,
  make: (used: Used) => Layer.Layer<A, string>
): Group<A> => ({ settings: Object.values(used), layer: make(used) })

export const merge = <A, B>(one: Group<A>, other: Group<B>): Group<A | B> => ({
  settings: [...one.settings, ...other.settings],
  layer: Layer.merge(one.layer, other.layer)
})
