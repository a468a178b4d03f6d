import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { carve as carveUseCase } from "../domain/image/carve.ts"
import { printable } from "../domain/image/lsLine.ts"
import { RegistryCredentials } from "../domain/registry/RegistryCredentials.ts"
import { Application } from "./Application.ts"
import { inWords } from "./Failed.ts"
import { print } from "./output.ts"
import { imageArgument, layerFlag, platformFlag } from "./parameters.ts"
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
  force: forceFlag
}

export const carve = Command.make("carve", parameters, (request) =>
  Effect.gen(function* () {
    const { images, credentialsFor } = yield* Application
    if (Option.isSome(request.output) && !request.force) yield* refuseExisting(request.output.value)
    const cut = Effect.gen(function* () {
      const file = yield* carveUseCase({
        reference: request.image,
        path: request.path,
        ...request.platform,
        ...request.layer
      })
      if (Option.isNone(request.output)) return yield* print(file.content)
      yield* writeWhole(request.output.value, file.content, request.force)
      yield* Console.error(
        `${printable(file.path)} of layer ${file.layer.index}, ${file.size} bytes, is ${request.output.value} now.`
      )
    })
    yield* inWords(Effect.scoped(cut)).pipe(
      Effect.provide(images),
      Effect.provideServiceEffect(RegistryCredentials, credentialsFor(request.image))
    )
  })
).pipe(Command.withDescription("Cut one file out of an image"))
