import { Context, Duration } from "effect"

const MiB = 1024 * 1024

/** What is granted to an untrusted archive; crossing one is `LayerLimitExceeded`. */
export interface Bounds {
  /** Bytes of one layer after decompression, and of one file with its holes. */
  readonly maxBytes: number
  /** Headers in one layer, those included that only lengthen the next; files held in a merged view. */
  readonly maxEntries: number
  /** Bytes after decompression, of all the layers that one operation reads. */
  readonly maxImageBytes: number
  /** Entries of all the layers that one operation reads. */
  readonly maxImageEntries: number
  /** Bytes of one name. Linux opens nothing beyond 4096; what a long one costs is time in which nobody else is served. */
  readonly maxNameBytes: number
  /** Characters of all the names that one listing or carve comes upon, for they are held in memory. */
  readonly maxNames: number
  /** Bytes that one file may spend on extended headers and the map of its holes. Go's reader allows as much. */
  readonly maxHeaderBytes: number
  /** How long reading one layer may take, the reader's own slowness included. */
  readonly timeout: Duration.Duration
}

/** The limits in force; configuration provides them. */
export const Limits = Context.Reference<Bounds>("keyhole/domain/image/Limits", {
  defaultValue: () => ({
    maxBytes: 16 * 1024 * MiB,
    maxEntries: 2_000_000,
    maxImageBytes: 64 * 1024 * MiB,
    maxImageEntries: 4_000_000,
    maxNameBytes: 32 * 1024,
    maxNames: 256 * MiB,
    maxHeaderBytes: MiB,
    timeout: Duration.minutes(10)
  })
})
