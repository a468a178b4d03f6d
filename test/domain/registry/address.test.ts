import { assert, describe, it } from "vitest"
import { specialAddress } from "../../../src/domain/registry/address.ts"

describe("a special address", () => {
  // IANA's registries of special-purpose addresses, the first and the last address of each network.
  it.each([
    ["10.0.0.0", "10.255.255.255", "private"],
    ["172.16.0.0", "172.31.255.255", "private"],
    ["192.168.0.0", "192.168.255.255", "private"],
    ["127.0.0.0", "127.255.255.255", "loopback"],
    ["100.64.0.0", "100.127.255.255", "carrier NAT"],
    ["169.254.0.0", "169.254.255.255", "link-local"],
    ["198.18.0.0", "198.19.255.255", "benchmarking"],
    ["::1", "::1", "loopback"],
    ["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"],
    ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique-local"]
  ])("from %s to %s is %s, and may be opened", (first, last, kind) => {
    for (const address of [first, last]) assert.deepStrictEqual(specialAddress(address), { kind, private: true })
  })

  it.each([
    ["169.254.169.254", "169.254.169.254", "a metadata service"],
    ["169.254.170.2", "169.254.170.2", "a metadata service"],
    ["100.100.100.200", "100.100.100.200", "a metadata service"],
    ["168.63.129.16", "168.63.129.16", "a metadata service"],
    ["fd00:ec2::254", "fd00:ec2::254", "a metadata service"],
    ["fd20:ce::254", "fd20:ce::254", "a metadata service"],
    ["0.0.0.0", "0.255.255.255", "unspecified"],
    ["192.0.0.0", "192.0.0.255", "reserved"],
    ["192.0.2.0", "192.0.2.255", "documentation"],
    ["198.51.100.0", "198.51.100.255", "documentation"],
    ["203.0.113.0", "203.0.113.255", "documentation"],
    ["192.88.99.0", "192.88.99.255", "6to4"],
    ["224.0.0.0", "239.255.255.255", "multicast"],
    ["240.0.0.0", "255.255.255.254", "reserved"],
    ["255.255.255.255", "255.255.255.255", "broadcast"],
    ["::", "::", "unspecified"],
    ["::ffff:0:0", "::ffff:255.255.255.255", "IPv4-mapped"],
    ["::2", "::255.255.255.255", "IPv4-compatible"],
    ["64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"],
    ["fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"],
    ["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"],
    ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"],
    ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"],
    ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"],
    ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"],
    ["4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"]
  ])("from %s to %s is %s, and may be opened by nobody", (first, last, kind) => {
    for (const address of [first, last]) assert.deepStrictEqual(specialAddress(address), { kind, private: false })
  })

  it.each([
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::",
    "2003::",
    "3ffe::",
    "3fff:1000::",
    "64:ff9b::1.1.1.1"
  ])("is not %s, which is anybody's", (address) => assert.isUndefined(specialAddress(address)))
})
