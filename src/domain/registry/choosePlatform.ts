import { Result } from "effect"
import type { Descriptor } from "./Descriptor.ts"
import type { Index, IndexEntry } from "./Manifest.ts"
import { isIndexType } from "./mediaType.ts"
import { distance, formatPlatform, type Platform, PlatformNotFound } from "./Platform.ts"

// Each is a request to be made; nobody nests more than a few.
const MOST_NESTED = 16

/** The first entries that are indexes themselves; they are followed one level deep. */
export const nestedIndexes = (index: Index): ReadonlyArray<Descriptor> =>
  index.entries
    .filter((entry) => isIndexType(entry.descriptor.mediaType))
    .slice(0, MOST_NESTED)
    .map((entry) => entry.descriptor)

/** The index with the entries of its nested indexes after its own. */
export const withNested = (index: Index, nested: ReadonlyArray<Index>): Index => ({
  ...index,
  entries: [...index.entries, ...nested.flatMap((inner) => inner.entries)]
})

// Build tools list attestations as images for `unknown/unknown`.
const isRunnable = (entry: IndexEntry): boolean =>
  !isIndexType(entry.descriptor.mediaType) &&
  entry.platform?.os !== "unknown" &&
  entry.platform?.architecture !== "unknown"

/** The platforms an index offers, each once, in its order. */
export const platformsOf = (index: Index): ReadonlyArray<Platform> => {
  const platforms = index.entries.filter(isRunnable).flatMap((entry) => entry.platform ?? [])
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()]
}

/**
 * The entry that fits best, the first of equals. When none does and exactly one entry names no platform, it is that one:
 * its configuration, read next, says what it is for.
 */
export const choosePlatform = (index: Index, wanted: Platform): Result.Result<Descriptor, PlatformNotFound> => {
  const runnable = index.entries.filter(isRunnable)
  const fits = runnable.flatMap((entry) => {
    const gap = entry.platform === undefined ? undefined : distance(wanted, entry.platform)
    return gap === undefined ? [] : [{ gap, descriptor: entry.descriptor }]
  })
  const [best] = fits.toSorted((one, other) => one.gap - other.gap)
  if (best !== undefined) return Result.succeed(best.descriptor)
  const [silent, another] = runnable.filter((entry) => entry.platform === undefined)
  if (silent !== undefined && another === undefined) return Result.succeed(silent.descriptor)
  return Result.fail(
    new PlatformNotFound({ platform: formatPlatform(wanted), available: platformsOf(index).map(formatPlatform) })
  )
}
