import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import { specialAddress } from "../../../src/domain/registry/address.ts"
import {
  allowAddresses,
  allowLocation,
  allowRealm,
  allowUrl,
  isBoundRealm,
  isInRepository,
  parseHostPort,
  registryUrl
} from "../../../src/domain/registry/egress.ts"

const closed = { private: [], insecure: [] }
const url = (text: string) => new URL(text)
const reason = <A>(result: Result.Result<A, { readonly reason: string }>) =>
  Result.isFailure(result) ? result.failure.reason : undefined

const octet = fc.integer({ min: 0, max: 255 })
const within = (...first: ReadonlyArray<number>) =>
  fc.tuple(octet, octet, octet, octet).map((rest) => [...first, ...rest].slice(0, 4).join("."))
const shared = fc.integer({ min: 64, max: 127 }).chain((second) => within(100, second))
const privateB = fc.integer({ min: 16, max: 31 }).chain((second) => within(172, second))
const segment = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16))
const v6 = (prefix: string) =>
  fc.array(segment, { minLength: 8, maxLength: 8 }).map((rest) => {
    const first = prefix.split(":")
    return [...first, ...rest].slice(0, 8).join(":")
  })

const inside = fc.oneof(
  within(127),
  within(10),
  within(192, 168),
  within(169, 254),
  within(0),
  within(224),
  within(255, 255, 255, 255),
  shared,
  privateB,
  v6("fe80"),
  v6("fd12"),
  v6("ff02"),
  v6("2002"),
  v6("2001:db8"),
  within(10).map((address) => `64:ff9b::${address}`),
  within(127).map((address) => `64:ff9b::${address}`),
  v6("64:ff9b:1"),
  v6("64:ff9b:0:0:0:1"),
  v6("0:0:0:0:0:ffff"),
  v6("0:0:0:0:0:0"),
  v6("4000")
)
const outside = fc.oneof(
  within(1, 1),
  within(8),
  within(93, 184),
  within(172, 217),
  v6("2606:4700"),
  v6("2a00:1450"),
  within(8).map((a) => `64:ff9b::${a}`)
)

describe("egress", () => {
  test.prop([inside, fc.array(outside, { maxLength: 3 }), fc.nat(3)])(
    "a host is refused if any one of its addresses is not an ordinary public one",
    (address, others, position) => {
      const addresses = others.toSpliced(position, 0, address)
      assert.match(
        reason(allowAddresses(url("https://x.example"), "registry", addresses, closed)) ?? "",
        /^its address/u
      )
    }
  )

  test.prop([fc.array(outside, { minLength: 1, maxLength: 3 })])(
    "public addresses are let through as they are",
    (addresses) => {
      assert.deepStrictEqual(
        allowAddresses(url("https://x.example"), "registry", addresses, closed),
        Result.succeed(addresses)
      )
    }
  )

  test.prop([
    fc.oneof(
      within(127),
      within(10),
      within(192, 168),
      shared.filter((a) => a !== "100.100.100.200"),
      within(10).map((a) => `64:ff9b::${a}`),
      v6("fd12")
    )
  ])("private space is open to the very host and port that was listed, and to no other", (address) => {
    const config = { private: ["registry.lan:5000"], insecure: [] }
    const ask = (text: string) => Result.isSuccess(allowAddresses(url(text), "registry", [address], config))
    assert.isTrue(ask("https://registry.lan:5000"))
    assert.isTrue(ask("http://REGISTRY.lan:5000"))
    assert.isFalse(ask("https://registry.lan"))
    assert.isFalse(ask("https://registry.lan:5001"))
    assert.isFalse(ask("https://registry.lan.evil.example:5000"))
  })

  test.each([
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "0.0.0.0",
    "224.0.0.1",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::0.0.0.0"
  ])("%s is reached by nobody, listed or not", (address) => {
    const config = { private: ["x.lan:443"], insecure: [] }
    assert.isDefined(reason(allowAddresses(url("https://x.lan"), "redirect", [address], config)))
  })

  test.each(["", "localhost", "127.1", "0x7f.0.0.1", "fe80::1%eth0", "127.0.0.1 "])("%j is no address", (text) => {
    assert.deepStrictEqual(specialAddress(text), { kind: "not an address", private: false })
  })

  test("only https is spoken, unless exactly that host and port are listed", () => {
    const config = { private: [], insecure: ["registry.lan:5000", "[::1]:80"] }
    assert.isUndefined(reason(allowUrl(url("http://registry.lan:5000/x"), "registry", config)))
    assert.isUndefined(reason(allowUrl(url("http://[::1]/x"), "registry", config)))
    assert.match(reason(allowUrl(url("http://registry.lan/x"), "registry", config)) ?? "", /not https/u)
    assert.match(reason(allowUrl(url("ftp://registry.lan:5000/"), "link", config)) ?? "", /only https/u)
    for (const user of ["user", "user:secret", ":secret"]) {
      assert.match(reason(allowUrl(url(`https://${user}@registry.lan/`), "realm", config)) ?? "", /user information/u)
    }
  })

  test("https never falls to http, not even to a listed host", () => {
    const config = { private: [], insecure: ["registry.lan:5000"] }
    const from = url("https://registry.example/v2/")
    assert.match(reason(allowLocation("http://registry.lan:5000/", "redirect", config, from)) ?? "", /never falls/u)
    assert.match(reason(allowRealm("http://registry.lan:5000/token", from, config)) ?? "", /never falls/u)
    assert.match(reason(allowLocation("https://", "redirect", config, from)) ?? "", /not a URL/u)
    assert.strictEqual(
      Result.getOrThrow(allowLocation("/a?b#c", "link", config, from)).href,
      "https://registry.example/a?b"
    )
  })

  test("what proves who asks goes no further than the repository", () => {
    const base = url("https://registry.example/v2/team/app/")
    const isIn = (text: string) => isInRepository(new URL(text, base), base)
    assert.isTrue(isIn("blobs/sha256:abc"))
    assert.isTrue(isIn("https://registry.example:443/v2/team/app/manifests/1.0_a?x=%2F"))
    for (const elsewhere of [
      "/v2/team/application/blobs/sha256:abc",
      "/v2/other/app/blobs/sha256:abc",
      "../other/blobs/sha256:abc",
      "%2e%2e/other/blobs/sha256:abc",
      "..%2Fother/blobs/sha256:abc",
      "a%5c..%5c..",
      "/",
      "http://registry.example:443/v2/team/app/blobs/sha256:abc",
      "https://registry.example:8443/v2/team/app/blobs/sha256:abc",
      "https://storage.example/v2/team/app/blobs/sha256:abc"
    ]) {
      assert.isFalse(isIn(elsewhere), elsewhere)
    }
  })

  test("a realm is a whole URL", () => {
    for (const realm of ["", "/token", "token", "https://"]) {
      assert.match(reason(allowRealm(realm, url("https://registry.example"), closed)) ?? "", /not a URL/u)
    }
  })

  test("credentials are shown to the registry's own host and port, and to a realm bound to it", () => {
    const [registry, realm] = [url("https://registry.example"), url("https://auth.example/token")]
    assert.isTrue(isBoundRealm(url("https://registry.example/token"), registry, []))
    assert.isFalse(isBoundRealm(url("https://registry.example:8443/token"), registry, []))
    assert.isFalse(isBoundRealm(realm, registry, []))
    const bound = [{ registry: "registry.example:443", realm: "auth.example:443" }]
    assert.isTrue(isBoundRealm(realm, registry, bound))
    assert.isFalse(isBoundRealm(registry, realm, bound))
    assert.isFalse(isBoundRealm(realm, url("https://evil.example"), bound), "a realm bound to another registry")
    assert.isFalse(isBoundRealm(url("https://evil.example"), registry, bound), "another realm of a bound registry")
  })

  test("a refusal tells the operator what would open an address, if anything would", () => {
    const refusal = (address: string) =>
      reason(allowAddresses(url("https://x.lan:5000"), "registry", [address], closed))
    assert.strictEqual(
      refusal("10.1.2.3"),
      "its address is private, and KEYHOLE_REGISTRY_PRIVATE does not list x.lan:5000"
    )
    assert.strictEqual(refusal("169.254.169.254"), "its address is a metadata service")
  })

  test("a registry is spoken to over TLS, unless it is listed", () => {
    const config = { private: [], insecure: ["localhost:5000", "localhost:80"] }
    assert.strictEqual(registryUrl("localhost:5000", config).href, "http://localhost:5000/")
    assert.strictEqual(registryUrl("localhost", config).href, "http://localhost/")
    assert.strictEqual(registryUrl("localhost:5001", config).href, "https://localhost:5001/")
    assert.deepStrictEqual(
      ["Host:80", "[::1]:5", "host", "a/b:1", "host:99999", "host:80/x", "host:80x"].map(parseHostPort),
      ["host:80", "[::1]:5", undefined, undefined, undefined, undefined, undefined]
    )
  })
})
