import { fstatSync } from "node:fs"
import { Console, Effect, Option, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { carveFrom, type CarveRequest } from "../domain/image/carve.ts"
import { openImage } from "../domain/image/Image.ts"
import { printable } from "../domain/image/lsLine.ts"
import { basename } from "../domain/image/path.ts"
import { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"
import { Application } from "./Application.ts"
import type { Cut } from "./Cut.ts"
import { inWords } from "./Failed.ts"
import type { Gauge } from "./Meter.ts"
import { print } from "./output.ts"
import { cutThere } from "./server/there.ts"
import { chosenServer, serverFlag } from "./server/serverParameters.ts"
import { imageArgument, layerFlag, platformFlag } from "./parameters.ts"
import { whileShowing, whileWaiting } from "./progress.ts"
import { refuseExisting, writeWhole } from "./writeWhole.ts"

const pathArgument = Argument.String("path").pipe(Argument.withDescription("The file's path inside the image"))
const outputFlag = Flag.String("output").pipe(
  Flag.withAlias("o"),
  Flag.withMetavar("file"),
  Flag.withDescription("Where to write the file; by default standard output"),
  Flag.optional
)
const forceFlag = Flag.Boolean("force").pipe(
  Flag.withDescription("Replace a file that exists"),
  Flag.withDefault(false)
)

const parameters = {
  image: imageArgument,
  path: pathArgument,
  layer: layerFlag,
  platform: platformFlag,
  output: outputFlag,
  force: forceFlag,
  server: serverFlag
}

/** Cuts a file out of the registry's image; what is read on the way to it is shown. */
const cutHere = Effect.fnUntraced(function* (request: CarveRequest) {
  const image = yield* whileWaiting("opening the image", openImage(request.reference, request.platform))
  const looking = Effect.map(image.session.bytesFetched, (bytes) => [{ name: "looking", bytes }])
  const found = yield* whileShowing(looking, carveFrom(image, request))
  return { path: found.path, layer: String(found.layer.index), size: found.size, content: found.content }
})

/** Shows how much of a file has been written. */
const watched = <E>({ path, size, content }: Cut<E>) => {
  const gauge: Gauge = { name: printable(basename(path)), bytes: 0, of: size }
  let bytes = 0
  const counted = Stream.map(content, (chunk) => {
    bytes += chunk.length
    return chunk
  })
  return { counted, progress: Effect.sync(() => [{ ...gauge, bytes }]) }
}

/** Whether output goes to a file, and so not to somebody's eyes or to a program that draws on the same terminal. */
const isStored = (): boolean => fstatSync(1).isFile()

export const carve = Command.make("carve", parameters, ({ image, path, layer, platform, output, force, server }) =>
  Effect.gen(function* () {
    const { images, credentialsFor } = yield* Application
    const target = Option.getOrUndefined(output)
    if (target !== undefined && !force) yield* refuseExisting(target)
    const request = { reference: image, path, ...platform, ...layer }
    const write = Effect.fnUntraced(function* <E>(file: Cut<E>) {
      const { counted, progress } = watched(file)
      if (target === undefined) {
        return yield* isStored() ? whileShowing(progress, print(counted)) : print(counted)
      }
      yield* whileShowing(progress, writeWhole(target, counted, force))
      yield* Console.error(`${printable(file.path)} of layer ${file.layer}, ${file.size} bytes, is ${target} now.`)
    })
    yield* Option.match(yield* chosenServer(server), {
      onSome: (url) =>
        Effect.scoped(Effect.flatMap(whileWaiting("waiting for the server", cutThere(url, request)), write)),
      onNone: () =>
        inWords(Effect.scoped(Effect.flatMap(cutHere(request), write))).pipe(
          Effect.provide(images),
          Effect.provideServiceEffect(RegistryCredentials, credentialsFor(image))
        )
    })
  })
).pipe(Command.withDescription("Cut one file out of an image"))
