import { Result, Schema } from "effect"

/** An operating system and a processor, in Go's words (`linux/arm/v7`), normalised as containerd does. */
export class Platform extends Schema.Class<Platform>("Platform")({
  os: Schema.String,
  architecture: Schema.String,
  variant: Schema.optionalKey(Schema.String)
}) {}

export class PlatformInvalid extends Schema.TaggedError<PlatformInvalid>()("PlatformInvalid", {
  input: Schema.String,
  reason: Schema.String
}) {}

/** No image for the wanted platform; `available` lists those there are. */
export class PlatformNotFound extends Schema.TaggedError<PlatformNotFound>()("PlatformNotFound", {
  platform: Schema.String,
  available: Schema.Array(Schema.String)
}) {}

// Keys come from outside, so these are maps: an object would also know a `constructor`.
const SYSTEMS: ReadonlyMap<string, string> = new Map([["macos", "darwin"]])

const ARCHITECTURES: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ["x86_64", ["amd64"]],
  ["x86-64", ["amd64"]],
  ["i386", ["386"]],
  ["i486", ["386"]],
  ["i586", ["386"]],
  ["i686", ["386"]],
  ["aarch64", ["arm64"]],
  ["armhf", ["arm", "v7"]],
  ["armel", ["arm", "v6"]]
])

// The variant that goes without saying, by architecture, and the one that is meant when none is said.
const SILENT: ReadonlyMap<string, string> = new Map([
  ["amd64", "v1"],
  ["arm64", "v8"]
])
const MEANT: ReadonlyMap<string, string> = new Map([["arm", "v7"]])

const normalVariant = (architecture: string, variant: string): string | undefined => {
  const written = /^\d/u.test(variant) ? `v${variant}` : variant
  const named = written === "" ? MEANT.get(architecture) : written
  return named === SILENT.get(architecture) ? undefined : named
}

/** One spelling for each platform: `Linux`, `aarch64`, `8` and nothing said are all `linux/arm64`. */
export const platform = (os: string, architecture: string, variant = ""): Platform => {
  const system = os.toLowerCase()
  const processor = architecture.toLowerCase()
  const [known, implied] = ARCHITECTURES.get(processor) ?? [processor]
  const normal = normalVariant(known, implied ?? variant.toLowerCase())
  return new Platform({
    os: SYSTEMS.get(system) ?? system,
    architecture: known,
    ...(normal === undefined ? {} : { variant: normal })
  })
}

export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, variant].filter((part) => part !== undefined).join("/")

/** Reads `os/arch` or `os/arch/variant`. */
export const parsePlatform = (input: string): Result.Result<Platform, PlatformInvalid> => {
  const parts = input.split("/")
  const [os, architecture, variant] = parts
  return parts.length <= 3 &&
    os !== undefined &&
    architecture !== undefined &&
    parts.every((p) => /^[\w.-]{1,64}$/u.test(p))
    ? Result.succeed(platform(os, architecture, variant))
    : Result.fail(
        new PlatformInvalid({ input: input.slice(0, 256), reason: "a platform is written os/arch or os/arch/variant" })
      )
}

export const defaultPlatform = platform("linux", "amd64")

const level = (variant: string | undefined, base: number): number =>
  variant === undefined ? base : Number(/^v(\d+(?:\.\d+)?)$/u.exec(variant)?.[1] ?? Number.NaN)

const BASE: ReadonlyMap<string, number> = new Map([
  ["amd64", 1],
  ["arm", 7],
  ["arm64", 8]
])

/**
 * How well content made for `offered` runs on `wanted`: 0 is a perfect fit, more is an older variant, undefined not at all.
 * A newer processor runs what was made for an older one (containerd, `platforms.Only`), never the other way round.
 */
export const distance = (wanted: Platform, offered: Platform): number | undefined => {
  if (wanted.os !== offered.os || wanted.architecture !== offered.architecture) return undefined
  if (wanted.variant === offered.variant) return 0
  const base = BASE.get(wanted.architecture)
  if (base === undefined) return wanted.variant === undefined ? 1 : undefined
  const gap = level(wanted.variant, base) - level(offered.variant, base)
  return gap > 0 ? gap : undefined
}
