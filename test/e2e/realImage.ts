import { execFileSync, spawnSync } from "node:child_process"
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, chmodSync } from "node:fs"
import { join } from "node:path"

/** What one line of `find` or `tar` tells of a file. */
export interface Truth {
  readonly path: string
  readonly type: "file" | "dir" | "symlink" | "hardlink"
  readonly mode: number
  readonly size: number
  readonly link: string | null
}

/** An OCI layout made by `umoci`, and the same image unpacked by it: the independent truth. */
export interface RealImage {
  readonly layout: string
  readonly rootfs: string
  /** The layers' blobs, from the bottom up. */
  readonly blobs: ReadonlyArray<{ readonly digest: string; readonly file: string }>
}

const TAG = "v1"
const umoci = (args: ReadonlyArray<string>) => execFileSync("umoci", args, { encoding: "utf8" })

/**
 * Four layers with everything that shows or hides a file: a deleted file, a directory replaced by a file, a file replaced
 * by a directory, an opaque directory; hard links, symbolic links (absolute, relative, to directories), setuid, empty,
 * binary and long-named files.
 */
export const makeImage = (folder: string): RealImage => {
  const layout = join(folder, "layout")
  const image = `${layout}:${TAG}`
  umoci(["init", "--layout", layout])
  umoci(["new", "--image", image])

  const layer = (change: (root: string) => void) => {
    const bundle = join(folder, "bundle")
    umoci(["unpack", "--image", image, bundle])
    change(join(bundle, "rootfs"))
    umoci(["repack", "--image", image, bundle])
    rmSync(bundle, { recursive: true })
  }

  layer((root) => {
    for (const path of ["etc", "usr/bin", "opt/data/deep", "var/replaced", "home/ada"]) {
      mkdirSync(join(root, path), { recursive: true })
    }
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")
    writeFileSync(join(root, "etc/motd"), "welcome\n")
    writeFileSync(
      join(root, "usr/bin/busybox"),
      Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251))
    )
    chmodSync(join(root, "usr/bin/busybox"), 0o4755)
    linkSync(join(root, "usr/bin/busybox"), join(root, "usr/bin/sh"))
    symlinkSync("usr/bin", join(root, "bin"))
    symlinkSync("/etc/passwd", join(root, "home/ada/absolute"))
    symlinkSync("../../etc/motd", join(root, "home/ada/relative"))
    symlinkSync("nowhere", join(root, "home/ada/dangling"))
    writeFileSync(join(root, "opt/data/old"), "hidden by the opaque directory\n")
    writeFileSync(join(root, "opt/data/deep/er"), "hidden as well\n")
    writeFileSync(join(root, "var/replaced/inside"), "gone with its directory\n")
    writeFileSync(join(root, "home/ada/empty"), "")
    writeFileSync(join(root, `home/ada/${"long-".repeat(40)}name`), "a long name\n")
    writeFileSync(join(root, "home/ada/with space and ü"), "odd\n")
    writeFileSync(join(root, "usr/replaced"), "a file that becomes a directory\n")
  })
  layer((root) => {
    rmSync(join(root, "etc/motd"))
    rmSync(join(root, "var/replaced"), { recursive: true })
    writeFileSync(join(root, "var/replaced"), "now a file\n")
    rmSync(join(root, "usr/replaced"))
    mkdirSync(join(root, "usr/replaced"))
    writeFileSync(join(root, "usr/replaced/inside"), "now in a directory\n")
  })
  layer((root) => {
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n")
  })
  const fresh = join(folder, "fresh")
  mkdirSync(fresh)
  writeFileSync(join(fresh, "new"), "in the opaque directory\n")
  umoci(["insert", "--image", image, "--opaque", fresh, "/opt/data"])

  const unpacked = join(folder, "unpacked")
  umoci(["unpack", "--image", image, unpacked])
  return { layout, rootfs: join(unpacked, "rootfs"), blobs: layerBlobs(layout) }
}

interface Manifest {
  readonly manifests?: ReadonlyArray<{ readonly digest: string }>
  readonly layers?: ReadonlyArray<{ readonly digest: string }>
}

const layerBlobs = (layout: string): RealImage["blobs"] => {
  const blob = (digest: string) => join(layout, "blobs", digest.replace(":", "/"))
  const read = (file: string): Manifest => JSON.parse(readFileSync(file, "utf8"))
  const manifest = read(join(layout, "index.json")).manifests?.at(-1)
  if (manifest === undefined) throw new Error(`no manifest in ${layout}`)
  return (read(blob(manifest.digest)).layers ?? []).map(({ digest }) => ({ digest, file: blob(digest) }))
}

const TYPES: Readonly<Record<string, Truth["type"]>> = { f: "file", d: "dir", l: "symlink", h: "hardlink", "-": "file" }

const typeOf = (letter: string): Truth["type"] => {
  const type = TYPES[letter]
  if (type === undefined) throw new Error(`unexpected kind of file: ${letter}`)
  return type
}

/** What `find` says of the unpacked image. `find` knows no hard links, and gives directories a size of their own. */
export const truthOfTree = (rootfs: string): ReadonlyArray<Truth> =>
  execFileSync("find", [rootfs, "-mindepth", "1", "-printf", "%y\\t%m\\t%s\\t/%P\\t%l\\0"], { encoding: "utf8" })
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [letter = "", mode = "", size = "", path = "", link = ""] = line.split("\t")
      const type = typeOf(letter)
      return {
        path,
        type,
        mode: Number.parseInt(mode, 8),
        size: type === "file" ? Number(size) : 0,
        link: link || null
      }
    })

const permissions = (text: string): number => {
  const bits = Array.from(text.slice(1, 10)).reduce((mode, letter) => mode * 2 + (/[rwxst]/u.test(letter) ? 1 : 0), 0)
  return (
    bits +
    (/[sS]/u.test(text.charAt(3)) ? 0o4000 : 0) +
    (/[sS]/u.test(text.charAt(6)) ? 0o2000 : 0) +
    (/[tT]/u.test(text.charAt(9)) ? 0o1000 : 0)
  )
}

const LINE = /^(\S{10}) \S+ +(\d+) \S+ \S+ (.*)$/u

/**
 * What `tar -tv` says of one layer, in the archive's order. `umoci insert` leaves out the end of the archive, as other tools
 * of its kind do: GNU tar lists everything and then complains, so its exit status does not count.
 */
export const truthOfLayer = (file: string): ReadonlyArray<Truth> =>
  spawnSync("tar", ["--list", "--verbose", "--gzip", "--quoting-style=literal", "--file", file], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, mode = "", size = "", rest = ""] = LINE.exec(line) ?? []
      const type = typeOf(mode.charAt(0))
      const [name = "", link] = rest.split(type === "hardlink" ? " link to " : " -> ")
      const path = `/${name.replace(/^\.?\/?/u, "").replace(/\/$/u, "")}`
      return { path, type, mode: permissions(mode), size: type === "file" ? Number(size) : 0, link: link ?? null }
    })
