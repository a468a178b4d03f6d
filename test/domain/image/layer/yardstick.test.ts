import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { archivesOf, fetchArchives, goReader, pythonReader } from "../../../support/yardstick/archives.ts"
import { inPieces } from "../support/readAll.ts"
import { oddities } from "../support/oddities.ts"
import { asRead, asTarReads, decompressed, difference, ours } from "../support/yardstick.ts"

const folder = mkdtempSync(join(tmpdir(), "keyhole-yardstick-"))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => Effect.runPromise(fetchArchives), 600_000)

/** The archive without its compression, for readers that have none; as it is where that cannot be taken off. */
const plain = async ({ name, path }: { readonly name: string; readonly path: string }): Promise<string> => {
  const unpacked = join(folder, name)
  writeFileSync(unpacked, await Effect.runPromise(decompressed(readFileSync(path))))
  return unpacked
}

const otherwise = "we read otherwise"

/**
 * Where a reader differs from ours, and why ours stays as it is (docs/adr/0030). Go's tells most, because engines unpack with
 * it; a refusal is always right where an archive is not whole.
 */
const decided: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  go: {
    // Python takes GNU's times for a prefix.
    "gnu-incremental.tar": { Python: otherwise },
    // Of several long names, or several extended headers, for one file the last counts; Python takes the first.
    "gnu-multi-hdrs.tar": { Python: otherwise },
    "pax-multi-hdrs.tar": { Python: otherwise },
    // GNU tar believes a size on what has no content.
    "hdr-only.tar": { "GNU tar": "they refuse" },
    // GNU tar knows nothing of the prefix that Go before 1.8 wrote into its headers.
    "invalid-go17.tar": { "GNU tar": otherwise },
    // Broken records and numbers, names with a NUL in them, headers of more than a megabyte.
    "pax-bad-hdr-file.tar": { Python: "we refuse" },
    "pax-bad-hdr-large.tar": { Python: "we refuse", "GNU tar": "we refuse" },
    "pax-bad-mtime-file.tar": { Python: "we refuse", "GNU tar": "we refuse" },
    "pax-nul-path.tar": { Python: "we refuse", "GNU tar": "we refuse" },
    // Extended attributes are not listed, so what is in them is nothing to us.
    "pax-nul-xattrs.tar": { Go: "they refuse", "GNU tar": "they refuse" },
    // A name is one file's own, so none is taken from a global header; Go takes nothing from it, not even a time.
    "pax-global-records.tar": { Go: otherwise, Python: otherwise, "GNU tar": otherwise },
    // After a header that announces a file no file comes.
    "pax-path-hdr.tar": { Go: "we refuse", "GNU tar": "we refuse" },
    // Python reads PAX 1.0 sparse files as what is in the archive of them where their map has more than one block.
    "pax-nil-sparse-data.tar": { Python: otherwise },
    "pax-nil-sparse-hole.tar": { Python: otherwise },
    "pax-sparse-big.tar": { Python: otherwise }
  },
  python: {
    // Go lists Sun's extended header (X) as a file; Python clears what an empty record stands for, Go and GNU tar do not.
    "testtar.tar": { Go: otherwise, Python: otherwise }
  },
  libarchive: {
    // One lone block of zeros, and then something else.
    "test_compat_plexus_archiver_tar.tar": { Python: "we refuse", "GNU tar": "we refuse" },
    // Sun's access control lists (A) are files of a type nobody knows; Python gives out no content of such.
    "test_compat_solaris_tar_acl.tar": { Python: otherwise },
    // GNU tar believes the size of a directory that only its name tells, and so loses the next one.
    "test_compat_tar_directory_1.tar": { "GNU tar": otherwise },
    // Nothing but an extended header's worth of nothing: Python calls an archive without a file none.
    "test_read_format_tar_empty_pax.tar": { Python: "they refuse" }
  },
  "node-tar": {
    // Python ends quietly where a checksum is wrong.
    "bad-cksum.tar": { Python: "we refuse" },
    // A name of more than 32 KiB, the limit.
    "excessively-deep.tar": { Go: "we refuse", Python: "we refuse", "GNU tar": "we refuse" },
    "global-header.tar": { Python: otherwise, "GNU tar": otherwise }
  }
}

describe.each(Object.keys(decided))("the archives of %s's tests", (project) => {
  it("are read as others read them, but for what was decided", async () => {
    const archives = archivesOf(project)
    const paths = await Promise.all(archives.map(plain))
    const go = asRead(paths, goReader)
    const python = asRead(paths, "python3", pythonReader)
    const found: Record<string, object> = {}
    for (const [at, { name, path }] of archives.entries()) {
      const own = await Effect.runPromise(ours([readFileSync(path)]))
      const differences = Object.entries({ Go: go[at], Python: python[at], "GNU tar": asTarReads(paths[at] ?? "") })
        .map(([reader, reading]) => [reader, reading && difference(own, reading)] as const)
        .filter(([, how]) => how !== undefined)
      if (differences.length > 0) found[name] = Object.fromEntries(differences)
    }
    expect(found).toEqual(decided[project])
  })

  it("are read alike however they are cut", async () => {
    for (const { name, path } of archivesOf(project)) {
      const bytes = readFileSync(path)
      const whole = await Effect.runPromise(ours([bytes]))
      expect(await Effect.runPromise(ours(inPieces(bytes, [511, 65_536, 1, 77]))), name).toEqual(whole)
    }
  })
})

const decidedOddities: Readonly<Record<string, string>> = {
  // An entry's numbers are exact, or there is no entry: 2^53 is where exactness ends.
  "an owner beyond all bounds in base 256": "we refuse",
  "an owner beyond all bounds below zero": "we refuse",
  // POSIX knows no plus sign.
  "the record size=+5": "we refuse",
  "the record mtime=+5": "we refuse",
  "the record uid=+5": "we refuse",
  "the type M": "we refuse",
  "Sun's extended header": otherwise,
  // After a header that announces a file no file comes.
  "an extended header and no file": "we refuse",
  "a long name and no file": "we refuse",
  // No file is missing, and the digest tells whether the layer is the one that was pushed.
  "an end cut short": "they refuse"
}

describe("archives that are odd in one place", () => {
  it("are read as Go reads them, but for what was decided", async () => {
    const paths = oddities.map(([, archive], at) => {
      const path = join(folder, `odd-${at}.tar`)
      writeFileSync(path, archive)
      return path
    })
    const go = asRead(paths, goReader)
    const found: Record<string, string> = {}
    for (const [at, [title, archive]] of oddities.entries()) {
      const own = await Effect.runPromise(ours([archive]))
      const reading = go[at]
      const how = reading && difference(own, reading)
      if (how !== undefined) found[title] = how
    }
    expect(found).toEqual(decidedOddities)
  })
})
