import { Clock, Console, Duration, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import type { Entry } from "../domain/image/Entry.ts"
import { lsLine, printable } from "../domain/image/lsLine.ts"
import { peek as peekUseCase } from "../domain/image/peek.ts"
import { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"
import { Application } from "./Application.ts"
import { inWords } from "./Failed.ts"
import { printLines } from "./output.ts"
import { imageArgument, layerFlag, platformFlag } from "./parameters.ts"

/** The listing, whole: of the entries that a layer has of one path the last counts. */
const readAll = <E, R>(entries: Stream.Stream<Entry, E, R>) =>
  Effect.map(
    Stream.runFold(
      entries,
      () => new Map<string, Entry>(),
      (latest, entry) => latest.set(`${entry.whiteout ?? ""} ${entry.path}`, entry)
    ),
    (latest) => [...latest.values()]
  )

/** The merged image in the order of its paths, as the API has it; one layer stays in the order of its archive. */
const byPath = (one: Entry, other: Entry): number => (one.path < other.path ? -1 : 1)

const pathFlag = Flag.String("path").pipe(
  Flag.withDescription("Only what is at this path and below it"),
  Flag.optional,
  Flag.map(Option.match({ onNone: () => ({}), onSome: (path) => ({ path }) }))
)
const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the document that the API answers with"),
  Flag.withDefault(false)
)

const parameters = { image: imageArgument, layer: layerFlag, platform: platformFlag, path: pathFlag, json: jsonFlag }

export const peek = Command.make("peek", parameters, (request) =>
  Effect.gen(function* () {
    const { images, credentialsFor, document } = yield* Application
    const start = yield* Clock.currentTimeMillis
    const looked = Effect.gen(function* () {
      const result = yield* peekUseCase({
        reference: request.image,
        ...request.platform,
        ...request.layer,
        ...request.path
      })
      const read = yield* readAll(result.entries)
      const entries = "layer" in request.layer ? read : read.toSorted(byPath)
      if (entries.length === 0 && "path" in request.path) {
        yield* Console.error(`Nothing is at ${printable(request.path.path)} or below it; links are not followed here.`)
      }
      if (!request.json) return yield* printLines(Stream.map(Stream.fromIterable(entries), lsLine))
      const bytesFetched = yield* result.bytesFetched
      const elapsed = Duration.millis((yield* Clock.currentTimeMillis) - start)
      yield* printLines(Stream.succeed(JSON.stringify(document(result, { entries, bytesFetched, elapsed }))))
    })
    yield* inWords(Effect.scoped(looked)).pipe(
      Effect.provide(images),
      Effect.provideServiceEffect(RegistryCredentials, credentialsFor(request.image))
    )
  })
).pipe(Command.withDescription("List the files of an image, as ls -la does"))
