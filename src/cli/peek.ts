import { Clock, Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { printable } from "../domain/image/lsLine.ts"
import { peek as peekUseCase, type PeekRequest } from "../domain/image/peek.ts"
import { format } from "../domain/registry/Reference.ts"
import { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"
import { Application } from "./Application.ts"
import { colourFlag, paintFor } from "./colours.ts"
import { inWords } from "./Failed.ts"
import { asDocument, asLine, joined, type Look, readWhole } from "./listing.ts"
import { print } from "./output.ts"
import { whileWaiting } from "./progress.ts"
import { lookThere } from "./server/there.ts"
import { chosenServer, serverFlag } from "./server/serverParameters.ts"
import { imageArgument, layerFlag, platformFlag } from "./parameters.ts"

const pathFlag = Flag.String("path").pipe(
  Flag.withDescription("Only what is at this path and below it"),
  Flag.optional,
  Flag.map(Option.match({ onNone: () => ({}), onSome: (path) => ({ path }) }))
)
const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the document that the API answers with"),
  Flag.withDefault(false)
)

const parameters = {
  image: imageArgument,
  layer: layerFlag,
  platform: platformFlag,
  path: pathFlag,
  json: jsonFlag,
  color: colourFlag,
  server: serverFlag
}

/** Looks into the registry itself. */
const lookHere = Effect.fnUntraced(function* (request: PeekRequest) {
  const start = yield* Clock.currentTimeMillis
  const { reference, digest, entries, progress, bytesFetched } = yield* whileWaiting(
    "opening the image",
    peekUseCase(request)
  )
  const summary = Effect.gen(function* () {
    const bytes_fetched = yield* bytesFetched
    const elapsed_ms = (yield* Clock.currentTimeMillis) - start
    return { image: format(reference), digest, complete: true, bytes_fetched, elapsed_ms }
  })
  return { entries, progress, summary } satisfies Look<unknown, unknown>
})

export const peek = Command.make("peek", parameters, ({ image, layer, platform, path, json, color, server }) =>
  Effect.gen(function* () {
    const { images, credentialsFor, spool, document } = yield* Application
    const paint = yield* paintFor(color)
    const write = json ? document : asLine(paint)
    // The merged image in the order of its paths, as the API has it; one layer in the order of its archive.
    const kept = spool("layer" in layer ? "arrival" : "key")
    // What is printed is read already: the registry session does not wait for whoever reads it.
    const request = { reference: image, ...platform, ...layer, ...path }
    const here = Effect.flatMap(lookHere(request), (look) => readWhole(look, kept, write))
    const there = (url: string) => Effect.flatMap(lookThere(url, request), (look) => readWhole(look, kept, write))
    const summary = yield* Option.match(yield* chosenServer(server), {
      onSome: (url) => Effect.scoped(there(url)),
      onNone: () =>
        inWords(Effect.scoped(here)).pipe(
          Effect.provide(images),
          Effect.provideServiceEffect(RegistryCredentials, credentialsFor(image))
        )
    })
    if (kept.size === 0 && "path" in path) {
      yield* Console.error(`Nothing is at ${printable(path.path)} or below it; links are not followed here.`)
    }
    const texts = yield* kept.read
    yield* print(json ? asDocument(summary, texts) : joined(texts))
  })
).pipe(Command.withDescription("List the files of an image, as ls -la does"))
