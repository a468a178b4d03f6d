import { describe, expect, it } from "vitest"
import { readAll } from "../support/readAll.ts"
import { bytesOf, concat, endMarker, header, type Member, member, pax, tarball } from "../support/tarball.ts"

const longName = (name: string, type: "L" | "K" = "L", content = `${name}\0`): Member => ({
  name: "././@LongLink",
  type,
  magic: "ustar  \0",
  content
})
const base256 = (value: number) =>
  Uint8Array.from([0x80, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)])
const owners = (uid: Uint8Array, gid: Uint8Array) => (block: Uint8Array) => {
  block.set(uid, 108)
  block.set(gid, 116)
}

/** What the archives of tar-rs's tests are about; nobody publishes those themselves. */
describe("the features that tar-rs is tested with", () => {
  const features: ReadonlyArray<readonly [title: string, archive: Uint8Array, entries: ReadonlyArray<object>]> = [
    [
      "a long path by 7-Zip, whose long name has no NUL at its end",
      tarball(longName("d/".repeat(90), "L", "d/".repeat(90)), { name: "d/".repeat(50), type: "5" }),
      [{ path: `/${"d/".repeat(90).slice(0, -1)}`, type: "dir" }]
    ],
    [
      "owners beyond octal, by GNU",
      tarball({ name: "f", magic: "ustar  \0", patch: owners(base256(4294967294), base256(2 ** 31)) }),
      [{ path: "/f", uid: 4294967294, gid: 2 ** 31 }]
    ],
    [
      "owners beyond octal, by PAX",
      tarball(
        pax([
          ["uid", "4294967294"],
          ["gid", "4294967293"]
        ]),
        { name: "f" }
      ),
      [{ path: "/f", uid: 4294967294, gid: 4294967293 }]
    ],
    [
      "directories, one of them twice",
      tarball({ name: "a/", type: "5" }, { name: "a/b/", type: "5" }, { name: "a/", type: "5" }),
      [
        { path: "/a", type: "dir" },
        { path: "/a/b", type: "dir" },
        { path: "/a", type: "dir" }
      ]
    ],
    ["a name that is empty, so the root's", tarball({ name: "", type: "5" }, { name: "f" }), [{ path: "/f" }]],
    ["the time of a file", tarball({ name: "f", mtime: 1_000_000_000 }), [{ path: "/f", mtime: 1e9 }]],
    [
      "links of both kinds, with long targets",
      tarball(longName("t".repeat(150), "K"), { name: "soft", type: "2", link: "t" }, longName("/h".repeat(80), "K"), {
        name: "hard",
        type: "1",
        link: "h",
        // Some writers give a hard link the size of its file, and no content.
        size: 7
      }),
      [
        { path: "/soft", type: "symlink", link: "t".repeat(150), size: 0 },
        { path: "/hard", type: "hardlink", link: "/h".repeat(80), size: 0 }
      ]
    ],
    [
      "a PAX size over the header's own",
      tarball(pax([["size", "4"]]), { name: "f", size: 0, content: "four" }, { name: "g" }),
      [{ path: "/f", size: 4 }, { path: "/g" }]
    ],
    [
      "PAX times with fractions, and extended attributes",
      tarball(
        pax([
          ["mtime", "1453146164.953123768"],
          ["SCHILY.xattr.user.pax.flags", "epm"],
          ["SCHILY.xattr.security.selinux", "unconfined_u:object_r:user_home_t:s0\0"]
        ]),
        { name: "f" }
      ),
      [{ path: "/f", mtime: 1453146164.9531238 }]
    ],
    ["no end marker", concat(member({ name: "f", content: "content" })), [{ path: "/f", size: 7 }]],
    [
      "numbers with blanks around them",
      tarball({ name: "f", content: "x", patch: (block) => block.set(bytesOf("          1 "), 124) }),
      [{ path: "/f", size: 1 }]
    ],
    [
      "a sparse file beyond what octal can say",
      concat(
        header({
          name: "sparse",
          type: "S",
          magic: "ustar  \0",
          size: 512,
          patch: (block) => {
            block.set(Uint8Array.from([0x80, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]), 386)
            block.set(bytesOf("00000001000\0"), 398)
            block.set(Uint8Array.from([0x80, 0, 0, 0, 0, 0, 0, 3, 0, 0, 2, 0]), 483)
          }
        }),
        new Uint8Array(512).fill(1),
        endMarker
      ),
      [{ path: "/sparse", type: "file", size: 3 * 2 ** 32 + 512 }]
    ]
  ]

  it.each(features)("%s", (_, archive, expected) => {
    const { entries, error } = readAll([archive])
    expect(error).toBeUndefined()
    expect(entries).toMatchObject(expected)
    expect(entries).toHaveLength(expected.length)
  })
})
