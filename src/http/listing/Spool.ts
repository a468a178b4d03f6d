import { Effect, Option, Stream } from "effect"
import { inOrder } from "../../domain/image/inOrder.ts"
import { framesOf, merged, recordsIn, type Run, runOf } from "./runs.ts"

/** In the order of its keys, or in the order it came in. Either way the last text of a key counts. */
export type Order = "key" | "arrival"

type Texts = Stream.Stream<ReadonlyArray<string>>

/** As many as are held as they are: some ten megabytes. */
const HELD = 32_768

/** One record a key: the last of those that follow one another with the same. */
const lastOfKey = <A>(records: Stream.Stream<readonly [string, A]>): Stream.Stream<readonly [string, A]> =>
  Stream.concat(Stream.map(records, Option.some), Stream.succeed(Option.none())).pipe(
    Stream.mapAccumArray(
      () => Option.none<readonly [string, A]>(),
      (held, next) => {
        const done: Array<readonly [string, A]> = []
        let last = held
        for (const one of next) {
          if (Option.isSome(last) && (Option.isNone(one) || one.value[0] !== last.value[0])) done.push(last.value)
          last = one
        }
        return [last, done] as const
      }
    )
  )

/**
 * Texts under keys that are wanted in order, and only when all have come. While there are few they are held; of many,
 * compressed runs are kept and put together when they are read, so that millions take no more than some megabytes.
 */
export class Spool {
  readonly #order: Order
  readonly #held: number
  readonly #runs: Array<Run> = []
  readonly #arrived: Array<Run> = []
  #texts = new Map<string, string>()
  #before = 0

  constructor(order: Order, held = HELD) {
    this.#order = order
    this.#held = held
  }

  /** How many have come. */
  get size(): number {
    return this.#before + this.#texts.size
  }

  readonly add = (texts: Iterable<readonly [key: string, text: string]>): Effect.Effect<void> =>
    Effect.suspend(() => {
      for (const [key, text] of texts) {
        // A key that comes again stands where it came last.
        this.#texts.delete(key)
        this.#texts.set(key, text)
      }
      return this.#texts.size < this.#held ? Effect.void : this.#spill
    })

  readonly #spill: Effect.Effect<void> = Effect.suspend(() => {
    const texts = this.#texts
    const before = this.#before
    this.#texts = new Map()
    this.#before += texts.size
    return Effect.gen({ self: this }, function* () {
      if (this.#order === "key") {
        this.#runs.push(yield* runOf(texts))
        return
      }
      this.#arrived.push(yield* framesOf(texts.values()))
      const places = new Map<string, number>()
      for (const key of texts.keys()) places.set(key, before + places.size)
      this.#runs.push(yield* runOf(places))
    })
  })

  /** All of them, some at a time. Nothing can be added any more. */
  readonly read: Effect.Effect<Texts> = Effect.suspend(() => {
    if (this.#runs.length === 0) return this.#fromHeld
    return Effect.andThen(this.#spill, this.#order === "key" ? this.#fromRuns : this.#fromArrived)
  })

  readonly #fromRuns: Effect.Effect<Texts> = Effect.sync(() =>
    Stream.chunks(Stream.map(lastOfKey(merged<string>(this.#runs)), ([, text]) => text))
  )

  readonly #fromHeld: Effect.Effect<Texts> = Effect.gen({ self: this }, function* () {
    const texts = this.#texts
    const inTurn =
      this.#order === "key" ? (yield* inOrder([...texts.keys()])).map((key) => texts.get(key) ?? "") : texts.values()
    return Stream.chunks(Stream.fromIterable(inTurn, { chunkSize: 512 }))
  })

  readonly #fromArrived: Effect.Effect<Texts> = Effect.gen({ self: this }, function* () {
    const outdated = new Uint8Array(this.#before)
    let last: readonly [string, number] | undefined
    yield* Stream.runForEachArray(merged<number>(this.#runs), (records) =>
      Effect.sync(() => {
        for (const record of records) {
          if (last !== undefined && last[0] === record[0]) outdated[last[1]] = 1
          last = record
        }
      })
    )
    let place = 0
    return Stream.map(recordsIn<string>(this.#arrived.flat()), (texts) => texts.filter(() => outdated[place++] === 0))
  })
}
