import { Effect } from "effect"

/** Short enough to be sorted between two requests. */
const RUN = 4096

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Two sorted sequences as one. */
const merge = function* (one: Iterator<string>, other: Iterator<string>): Generator<string> {
  let left = one.next()
  let right = other.next()
  while (left.done !== true && right.done !== true) {
    if (compare(left.value, right.value) <= 0) {
      yield left.value
      left = one.next()
    } else {
      yield right.value
      right = other.next()
    }
  }
  for (; left.done !== true; left = one.next()) yield left.value
  for (; right.done !== true; right = other.next()) yield right.value
}

const mergeAll = (runs: ReadonlyArray<ReadonlyArray<string>>): Iterator<string> => {
  const half = runs.length >> 1
  return half === 0 ? (runs[0] ?? []).values() : merge(mergeAll(runs.slice(0, half)), mergeAll(runs.slice(half)))
}

/**
 * The texts in order, by code unit. Two million paths take seconds to sort: runs of them are sorted one at a time, with
 * room for others in between, and merged only as the texts are taken.
 */
export const inOrder = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const runs: Array<ReadonlyArray<string>> = []
  for (let start = 0; start < texts.length; start += RUN) {
    runs.push(texts.slice(start, start + RUN).toSorted(compare))
    yield* Effect.yieldNow
  }
  return Iterator.from(mergeAll(runs))
})
