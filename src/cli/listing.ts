import { Effect, Stream } from "effect"
import { type Entry, entryKey } from "../domain/image/Entry.ts"
import { lsLine } from "../domain/image/lsLine.ts"
import type { LayerProgress } from "../domain/image/layers.ts"
import type { Paint } from "./colours.ts"
import type { Gauge } from "./Meter.ts"
import { whileShowing } from "./progress.ts"

/** Keeps texts until the last has come, little of them in memory. */
export interface Spool {
  readonly size: number
  /** Of a key the last text counts. */
  readonly add: (texts: Iterable<readonly [key: string, text: string]>) => Effect.Effect<void>
  /** Some at a time, in the order of their keys, or of their arrival. */
  readonly read: Effect.Effect<Stream.Stream<ReadonlyArray<string>>>
}

/** A look into an image that has begun. */
export interface Look<E, R> {
  readonly entries: Stream.Stream<Entry, E, R>
  /** What came of one of the layers since it was told of last. */
  readonly progress: Effect.Effect<LayerProgress | undefined>
  /** What the API's document says beside the entries; known when all of them have come. */
  readonly summary: Effect.Effect<object>
}

/** The news of all layers there is news of. */
const gauges = ({ progress }: { readonly progress: Effect.Effect<LayerProgress | undefined> }) =>
  Effect.gen(function* () {
    const all: Array<Gauge> = []
    for (let news = yield* progress; news !== undefined; news = yield* progress) {
      all.push({ name: `layer ${news.layer}`, bytes: news.bytes, of: news.of })
    }
    return all
  })

/** Reads a look to its end, each entry written down at once, and shows meanwhile how far it has come. */
export const readWhole = <E, R>(look: Look<E, R>, spool: Spool, write: (entry: Entry) => string) =>
  whileShowing(
    gauges(look),
    Stream.runForEachArray(look.entries, (some) => spool.add(some.map((entry) => [entryKey(entry), write(entry)])))
  ).pipe(Effect.andThen(look.summary))

/** As `ls -la` prints it. */
export const asLine =
  (paint: Paint) =>
  (entry: Entry): string =>
    `${lsLine(entry, (name) => paint(name, entry))}\n`

/** One text after the other. */
export const joined = (texts: Stream.Stream<ReadonlyArray<string>>) => Stream.map(texts, (some) => some.join(""))

const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** JSON leaves some of what a terminal obeys, or shows as something else, as it is. Escaped it means the same. */
const harmless = (json: string): string => json.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, hex)

/** The texts, each a JSON document, as the entries of the document that the API answers with. */
export const asDocument = (summary: object, texts: Stream.Stream<ReadonlyArray<string>>) =>
  Stream.suspend(() => {
    let separator = ""
    const separated = Stream.map(texts, (some) => {
      if (some.length === 0) return ""
      const text = separator + harmless(some.join(","))
      separator = ","
      return text
    })
    return Stream.make(`${harmless(JSON.stringify(summary)).slice(0, -1)},"entries":[`).pipe(
      Stream.concat(separated),
      Stream.concat(Stream.make("]}\n"))
    )
  })
