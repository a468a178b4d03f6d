import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** A use case, a port, a stream: they carry decisions out. */
const NO_POLICY = /\b(?:Context\.\w+<|Effect\.(?:fn|fnUntraced|gen|map|flatMap)\b|Stream\.)/u
/** What only names things has nothing to decide. */
const HAS_FUNCTION = /=>|\bfunction\b|\bclass \w+ \{/u
/** The reader of archives is a machine; other readers of the same archives are its yardstick. */
const READER = join("image", "layer", "")

/** Every file that decides something, found by what is in it (docs/adr/0048). */
export const policies: ReadonlyArray<string> = readdirSync("src/domain", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith(READER))
  .map((path) => join("src/domain", path))
  .filter((path) => {
    const text = readFileSync(path, "utf8")
    return HAS_FUNCTION.test(text) && !NO_POLICY.test(text)
  })

/** Where a policy's properties stand. */
export const testsOf = (policy: string): string =>
  policy.replace(/(^|\/)src\/domain\//u, "$1test/domain/").replace(/\.ts$/u, ".test.ts")
