import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import {
  endpoint,
  familiar,
  format,
  parse,
  Reference,
  scopeOf,
  target
} from "../../../src/domain/registry/Reference.ts"
import { hex, words } from "./arbitrary.ts"

const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}$/u)
const repository = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"))
const host = fc.oneof(
  fc.constantFrom("localhost", "docker.io", "ghcr.io", "127.0.0.1", "[::1]", "[2001:db8::1]"),
  fc.stringMatching(/^[a-z]{1,8}\.[a-z]{2,5}$/u)
)
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined })
const digest = hex(64).map((digits) => Digest.make(`sha256:${digits}`))

const reference = fc
  .record({
    host,
    port,
    repository,
    tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/u), { nil: undefined }),
    digest: fc.option(digest, { nil: undefined })
  })
  .map((parts) => {
    const registry = parts.port === undefined || parts.host === "docker.io" ? parts.host : `${parts.host}:${parts.port}`
    const isOfficial = registry === "docker.io" && !parts.repository.includes("/")
    const tag = parts.tag ?? (parts.digest === undefined ? "latest" : undefined)
    return new Reference({
      registry,
      repository: isOfficial ? `library/${parts.repository}` : parts.repository,
      ...(tag === undefined ? {} : { tag }),
      ...(parts.digest === undefined ? {} : { digest: parts.digest })
    })
  })

const read = (input: string) => format(Result.getOrThrow(parse(input)))
const reason = (input: string) => {
  const result = parse(input)
  return Result.isFailure(result) ? result.failure.reason : assert.fail(`${input} was read as a reference`)
}

describe("an image reference", () => {
  test.prop([reference])("is read back from either of its written forms", (written) => {
    assert.deepStrictEqual(Result.getOrThrow(parse(format(written))), written)
    assert.deepStrictEqual(Result.getOrThrow(parse(familiar(written))), written)
    assert.isAtMost(familiar(written).length, format(written).length)
  })

  test.prop([reference])("is asked for by its digest if it has one, and only ever for leave to pull", (written) => {
    assert.strictEqual(target(written), written.digest ?? written.tag)
    assert.strictEqual(scopeOf(written), `repository:${written.repository}:pull`)
  })

  test.prop([words(["alpine", ":", "@", "/", "sha256", "A", "-", ".", "[", "]", "::1", "é", " ", "\n", "%2f"])])(
    "of any shape is read or refused, and what was read has a form that can be a URL",
    (input) => {
      const result = parse(input)
      if (Result.isFailure(result)) return
      assert.isTrue(URL.canParse(`https://${endpoint(result.success)}/v2/${result.success.repository}/`))
      assert.deepStrictEqual(Result.getOrThrow(parse(format(result.success))), result.success)
    }
  )

  test.each([
    ["alpine", "docker.io/library/alpine:latest"],
    ["alpine:3.20", "docker.io/library/alpine:3.20"],
    ["docker.io/alpine", "docker.io/library/alpine:latest"],
    ["index.docker.io/library/alpine", "docker.io/library/alpine:latest"],
    ["grafana/grafana", "docker.io/grafana/grafana:latest"],
    ["GHCR.io/org/app", "ghcr.io/org/app:latest"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000/x/y:z", "localhost:5000/x/y:z"],
    ["host:5000", "docker.io/library/host:5000"],
    ["[::1]:5000/app", "[::1]:5000/app:latest"],
    [`app@sha256:${"a".repeat(64)}`, `docker.io/library/app@sha256:${"a".repeat(64)}`],
    [`app:1@sha256:${"a".repeat(64)}`, `docker.io/library/app:1@sha256:${"a".repeat(64)}`]
  ])("%s means %s", (input, meant) => assert.strictEqual(read(input), meant))

  test.each([
    ["", /empty/u],
    ["a".repeat(4097), /too long/u],
    ["docker.io/", /missing/u],
    ["Alpine", /did you mean "alpine"/u],
    ["A B", /^"A B" is not a repository name/u],
    ["MyOrg/app", /did you mean "myorg\/app"/u],
    ["ghcr.io/Org/app", /did you mean "org\/app"/u],
    ["a".repeat(64), /image id/u],
    ["app@sha256:abc", /digest/u],
    ["app@md5:0123456789abcdef0123456789abcdef", /digest/u],
    ["app:", /not a tag/u],
    [`app:${"a".repeat(129)}`, /not a tag/u],
    ["ghcr.io/", /missing/u],
    ["a//b", /not a repository name/u],
    ["ghcr.io/../x", /not a repository name/u],
    ["https://ghcr.io/org/app", /not a URL, and has no "https:\/\/"/u],
    ["docker://alpine", /no "docker:\/\/"/u],
    ["user@host.io/app", /digest/u],
    ["1.2.3.256/app", /not a host name/u],
    ["host:0/app", /port/u],
    ["host:70000/app", /not a host name/u],
    ["[fe80::1%25eth0]/app", /not a host name/u],
    [`ghcr.io/${"a/".repeat(150)}a`, /at most 255/u]
  ])("%s is refused with a reason", (input, why) => assert.match(reason(input), why))

  test("may be as long as its parts may be, and no longer", () => {
    const isRead = (input: string) => Result.isSuccess(parse(input))
    assert.isTrue(isRead(`ghcr.io/${"a".repeat(255)}`))
    assert.isFalse(isRead(`ghcr.io/${"a".repeat(256)}`))
    assert.isTrue(isRead(`app:${"a".repeat(128)}`))
    assert.isTrue(isRead("a".repeat(65)), "no image id")
    const refused = parse("a".repeat(5000))
    assert.strictEqual(Result.isFailure(refused) && refused.failure.input, "a".repeat(4096))
    const long = `${"a.".repeat(2000)}io`
    assert.isTrue(isRead(`${long}/${"a".repeat(4095 - long.length)}`))
    assert.match(reason(`${long}/${"a".repeat(4096 - long.length)}`), /too long/u)
  })

  test("has no scheme before it, and may have what looks like one in it", () => {
    assert.match(reason("a.b/c://d"), /not a tag/u)
  })

  test("keeps its host in the short form where it would be taken for another", () => {
    const short = (registry: string, name: string) => familiar(new Reference({ registry, repository: name, tag: "1" }))
    assert.strictEqual(short("docker.io", "library/alpine"), "alpine:1")
    assert.strictEqual(short("docker.io", "grafana/grafana"), "grafana/grafana:1")
    assert.strictEqual(short("docker.io", "library/deep/er"), "library/deep/er:1")
    assert.strictEqual(short("docker.io", "localhost/app"), "docker.io/localhost/app:1")
    assert.strictEqual(short("ghcr.io", "org/app"), "ghcr.io/org/app:1")
  })

  test("without tag or digest is asked for as the latest", () => {
    assert.strictEqual(target(new Reference({ registry: "ghcr.io", repository: "org/app" })), "latest")
  })

  test("on Docker Hub is asked for at another host than the one people name", () => {
    assert.strictEqual(endpoint(Result.getOrThrow(parse("alpine"))), "registry-1.docker.io")
    assert.strictEqual(endpoint(Result.getOrThrow(parse("ghcr.io/org/app"))), "ghcr.io")
  })
})
