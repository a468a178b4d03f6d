import { DateTime, Option, Predicate, Result, Schema } from "effect"
import { decodeJson, nullable } from "./json.ts"
import { type Platform, platform } from "./Platform.ts"
import { ManifestInvalid } from "./RegistryError.ts"

/** One step of the build, oldest first; `layerIndex` when it made a layer. */
interface BuildStep {
  readonly createdBy: string
  readonly created?: DateTime.Utc
  readonly emptyLayer: boolean
  readonly layerIndex?: number
}

/** What an image says of itself (OCI Image Specification, "Image Configuration"). */
export interface ImageConfig {
  readonly platform: Platform
  readonly created?: DateTime.Utc
  readonly entrypoint: ReadonlyArray<string>
  readonly cmd: ReadonlyArray<string>
  readonly env: ReadonlyArray<string>
  readonly user: string
  readonly workingDir: string
  readonly labels: Readonly<Record<string, string>>
  readonly exposedPorts: ReadonlyArray<string>
  readonly buildSteps: ReadonlyArray<BuildStep>
}

const strings = nullable(Schema.Array(Schema.String))

const RawConfig = Schema.Struct({
  os: nullable(Schema.String),
  architecture: nullable(Schema.String),
  variant: nullable(Schema.String),
  created: nullable(Schema.String),
  config: nullable(
    Schema.Struct({
      Entrypoint: strings,
      Cmd: strings,
      Env: strings,
      User: nullable(Schema.String),
      WorkingDir: nullable(Schema.String),
      Labels: nullable(Schema.Record(Schema.String, Schema.NullOr(Schema.String))),
      ExposedPorts: nullable(Schema.Record(Schema.String, Schema.Unknown))
    })
  ),
  history: nullable(
    Schema.Array(
      Schema.Struct({
        created: nullable(Schema.String),
        created_by: nullable(Schema.String),
        empty_layer: nullable(Schema.Boolean)
      })
    )
  )
})
type RawConfig = typeof RawConfig.Type

// Real ones have a hundred or two; each is work while nobody else is served.
const MOST = 10_000

const sizeOf = (value: unknown): number =>
  Array.isArray(value) ? value.length : Predicate.isObject(value) ? Object.keys(value).length : 0

const hasTooMany = (json: unknown): boolean => {
  if (!Predicate.isObject(json)) return false
  const config: unknown = Reflect.get(json, "config")
  const parts = Predicate.isObject(config) ? Object.values(config) : []
  return [Reflect.get(json, "history"), config, ...parts.slice(0, MOST)].some((part) => sizeOf(part) > MOST)
}

const instant = (text: string | null | undefined): { readonly created?: DateTime.Utc } => {
  const time = DateTime.make(text ?? "")
  return Option.isSome(time) ? { created: DateTime.toUtc(time.value) } : {}
}

const buildSteps = (history: RawConfig["history"]): ReadonlyArray<BuildStep> => {
  const steps: Array<BuildStep> = []
  let layers = 0
  for (const step of history ?? []) {
    const emptyLayer = step.empty_layer === true
    steps.push({
      createdBy: step.created_by ?? "",
      ...instant(step.created),
      emptyLayer,
      ...(emptyLayer ? {} : { layerIndex: layers++ })
    })
  }
  return steps
}

/** The build step that made a layer, by the layer's index. */
export const createdBy = (config: ImageConfig, layer: number): string | undefined =>
  config.buildSteps.find((step) => step.layerIndex === layer)?.createdBy

/** Reads an image's configuration; `null` and absence mean the same everywhere. */
export const parseImageConfig = (bytes: Uint8Array): Result.Result<ImageConfig, ManifestInvalid> =>
  Result.gen(function* () {
    const invalid = (reason: string) =>
      new ManifestInvalid({ reason: `the image's configuration: ${reason}`.slice(0, 500) })
    const json = yield* Result.mapError(decodeJson(bytes), invalid)
    if (hasTooMany(json)) return yield* Result.fail(invalid(`it lists more than ${MOST} entries`))
    const raw = yield* Result.mapError(Schema.decodeUnknownResult(RawConfig)(json), (error) => invalid(error.message))
    const config = raw.config ?? {}
    return {
      platform: platform(raw.os || "linux", raw.architecture || "amd64", raw.variant ?? ""),
      ...instant(raw.created),
      entrypoint: config.Entrypoint ?? [],
      cmd: config.Cmd ?? [],
      env: config.Env ?? [],
      user: config.User ?? "",
      workingDir: config.WorkingDir ?? "",
      labels: Object.fromEntries(Object.entries(config.Labels ?? {}).map(([name, value]) => [name, value ?? ""])),
      exposedPorts: Object.keys(config.ExposedPorts ?? {}),
      buildSteps: buildSteps(raw.history)
    }
  })
