import { Deferred, Effect, Option, Schema } from "effect"
import { type Change, type Row, toChange, toRow } from "./Change.ts"
import { Messenger } from "./Messenger.ts"

const Note = Schema.fromJsonString(
  Schema.Struct({
    from: Schema.String,
    number: Schema.Number,
    rows: Schema.Array(
      Schema.Struct({ kind: Schema.String, subject: Schema.String, until: Schema.NullOr(Schema.Number) })
    )
  })
)
const Receipt = Schema.fromJsonString(Schema.Struct({ by: Schema.String, number: Schema.Number }))

const readNote = Schema.decodeUnknownOption(Note)
const readReceipt = Schema.decodeUnknownOption(Receipt)
const CHANGES = "changes"
const receiptsOf = (id: string) => `receipts:${id}`

interface Awaited {
  readonly missing: Set<string>
  readonly heard: Deferred.Deferred<void>
}

/**
 * Tells other instances of changes before they meet them in the log, and is told. A note only ever makes somebody forget, so
 * that one that is late, forged, or another deployment's does no harm; the log says it all again.
 */
export const wordOfMouth = Effect.fnUntraced(function* (
  id: string,
  anticipate: (changes: ReadonlyArray<Change | undefined>) => void
) {
  const messenger = yield* Messenger
  const awaited = new Map<number, Awaited>()
  let sent = 0

  const hear = Effect.fnUntraced(function* (text: string) {
    const note = Option.getOrUndefined(readNote(text))
    if (note === undefined || note.from === id) return
    anticipate(note.rows.map((row: Row) => toChange(row)))
    yield* messenger.send(receiptsOf(note.from), JSON.stringify({ by: id, number: note.number }))
  })

  const acknowledge = (text: string) =>
    Effect.sync(() => {
      const receipt = Option.getOrUndefined(readReceipt(text))
      const waiting = receipt === undefined ? undefined : awaited.get(receipt.number)
      if (receipt === undefined || waiting === undefined) return
      waiting.missing.delete(receipt.by)
      if (waiting.missing.size === 0) Deferred.doneUnsafe(waiting.heard, Effect.void)
    })

  yield* messenger.receive(receiptsOf(id), acknowledge)
  yield* messenger.receive(CHANGES, hear)

  /** Ends when all of them have applied the changes, which may be never. */
  return Effect.fnUntraced(function* (changes: ReadonlyArray<Change>, others: ReadonlyArray<string>) {
    sent += 1
    const number = sent
    const heard = Deferred.makeUnsafe<void>()
    awaited.set(number, { missing: new Set(others), heard })
    const rows = changes.map((change) => {
      const { kind, subject, until } = toRow(change, 0)
      return { kind, subject, until }
    })
    const word = messenger.send(CHANGES, JSON.stringify({ from: id, number, rows }))
    yield* Effect.ensuring(
      Effect.andThen(word, Deferred.await(heard)),
      Effect.sync(() => awaited.delete(number))
    )
  })
})
