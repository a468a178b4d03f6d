import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { parse } from "../../../src/domain/registry/Reference.ts"
import { parseHost } from "../../../src/domain/registry/RegistryHost.ts"
import { words } from "./arbitrary.ts"

const pieces = ["localhost", "LOCALHOST", "docker.io", "Index.Docker.io", "ghcr.io", "127.0.0.1", "[::1]", ":", "5000"]

describe("a registry's host", () => {
  test.prop([words([...pieces, ".", "-", "a", "/", "@", "%"])], { numRuns: 2000 })(
    "by itself is read as at the beginning of a reference, or not at all",
    (text) => {
      const host = parseHost(text)
      if (Result.isFailure(host)) return
      // A reference takes only lower case for `localhost`: what is in capitals there may be a name on Docker Hub.
      const written = text.toLowerCase() === "localhost" ? text.toLowerCase() : text
      assert.strictEqual(Result.getOrThrow(parse(`${written}/team/app`)).registry, host.success)
    }
  )

  test.prop([fc.constantFrom("docker.io", "index.docker.io", "INDEX.docker.IO")])(
    "of Docker Hub is one, however it is called",
    (text) => assert.strictEqual(Result.getOrThrow(parseHost(text)), "docker.io")
  )

  it.each([
    [`${"a".repeat(300)}.example`, "a host has at most 259 characters"],
    ["alpine", '"alpine" is not a registry: a registry has a dot or a port in its name'],
    ["a..b", '"a..b" is not a host name'],
    ["ghcr.io:0", "a port is between 1 and 65535"]
  ])("is not %s, for a reason", (text, reason) => assert.deepStrictEqual(parseHost(text), Result.fail(reason)))

  it("may be as long as a name in DNS with a port, and no longer", () => {
    const named = (length: number) => `${"a".repeat(length - ".example:65535".length)}.example:65535`
    assert.isTrue(Result.isSuccess(parseHost(named(259))))
    assert.isTrue(Result.isFailure(parseHost(named(260))))
  })

  it.each(["ghcr.io", "localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "xn--bcher-kva.example:443"])(
    "is %s as it is",
    (text) => assert.strictEqual(Result.getOrThrow(parseHost(text)), text)
  )

  it.each([
    "",
    "alpine",
    "ghcr.io/org",
    "https://ghcr.io",
    "ada:secret@ghcr.io",
    "ghcr.io:0",
    "ghcr.io:65536",
    "ghcr.io.",
    "a..b",
    "1.2.3.256",
    " ghcr.io",
    "ghcr.io\r\n",
    "gh\u0000cr.io",
    "bücher.example",
    `${"a".repeat(300)}.example`
  ])("is not %j", (text) => assert.isTrue(Result.isFailure(parseHost(text))))
})
