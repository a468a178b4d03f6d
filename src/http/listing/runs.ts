import { promisify } from "node:util"
import { constants, zstdCompress, zstdDecompress } from "node:zlib"
import { Array as Arr, Cause, Effect, Stream } from "effect"
import { inOrder } from "../../domain/image/inOrder.ts"

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** What is written now and read again once is worth no more time than this. */
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Records in a frame: what is unpacked of a run at a time. */
const FRAME = 1024

type Frame = Uint8Array

const pack = (records: ReadonlyArray<unknown>): Effect.Effect<Frame> =>
  Effect.promise(() => compress(JSON.stringify(records), fast))

const unpack = <A>(frame: Frame): Effect.Effect<ReadonlyArray<A>> =>
  Effect.promise(async () => JSON.parse((await decompress(frame)).toString()))

/** Records under keys, in the order of these; compressed, because a listing can have millions. */
export type Run = ReadonlyArray<Frame>

type Pair<A> = readonly [key: string, value: A]

/** Frames of what comes, in its order. */
export const framesOf = Effect.fnUntraced(function* (records: Iterable<unknown>) {
  const frames: Array<Frame> = []
  let waiting: Array<unknown> = []
  for (const record of records) {
    if (waiting.push(record) < FRAME) continue
    frames.push(yield* pack(waiting))
    waiting = []
  }
  if (waiting.length > 0) frames.push(yield* pack(waiting))
  return frames
})

/** What is in frames, a frame at a time. */
export const recordsIn = <A>(frames: ReadonlyArray<Frame>): Stream.Stream<ReadonlyArray<A>> =>
  Stream.mapEffect(Stream.rechunk(Stream.fromIterable(frames), 1), (frame) => unpack<A>(frame))

export const runOf = Effect.fnUntraced(function* <A>(records: ReadonlyMap<string, A>) {
  const keys = yield* inOrder([...records.keys()])
  return yield* framesOf(keys.map((key) => [key, records.get(key)]))
})

/** A run as it is read, at its next record. */
interface Cursor<A> {
  readonly run: number
  readonly frames: Array<Frame>
  records: ReadonlyArray<Pair<A>>
  at: number
}

const keyAt = <A>({ records, at }: Cursor<A>): string => records[at]?.[0] ?? ""

/** By key; of one key in several runs the earlier first. */
const isBefore = <A>(one: Cursor<A>, other: Cursor<A>): boolean => {
  const [left, right] = [keyAt(one), keyAt(other)]
  return left === right ? one.run < other.run : left < right
}

const insert = <A>(cursors: Array<Cursor<A>>, cursor: Cursor<A>): void => {
  let [low, high] = [0, cursors.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const there = cursors[middle]
    if (there !== undefined && isBefore(there, cursor)) low = middle + 1
    else high = middle
  }
  cursors.splice(low, 0, cursor)
}

/** All records of the runs, in the order of their keys; those of one key in the order of their runs. */
export const merged = <A>(runs: ReadonlyArray<Run>): Stream.Stream<Pair<A>> =>
  Stream.fromPull(
    Effect.gen(function* () {
      const cursors: Array<Cursor<A>> = []
      /** Puts a cursor where its next record belongs; one that is through is dropped. */
      const place = Effect.fnUntraced(function* (cursor: Cursor<A>) {
        if (cursor.at === cursor.records.length) {
          const frame = cursor.frames.shift()
          if (frame === undefined) return
          cursor.records = yield* unpack<Pair<A>>(frame)
          cursor.at = 0
        }
        insert(cursors, cursor)
      })
      for (const [run, frames] of runs.entries()) yield* place({ run, frames: [...frames], records: [], at: 0 })

      return Effect.gen(function* () {
        const some: Array<Pair<A>> = []
        for (let cursor = cursors.shift(); cursor !== undefined; cursor = cursors.shift()) {
          const record = cursor.records[cursor.at++]
          if (record !== undefined) some.push(record)
          if (cursor.at < cursor.records.length) insert(cursors, cursor)
          else yield* place(cursor)
          if (some.length === FRAME) break
        }
        return Arr.isReadonlyArrayNonEmpty(some) ? some : yield* Cause.done()
      })
    })
  )
