import { Result } from "effect"
import { IpNetwork, NetAddress } from "effect/net"

/**
 * Why an address is not an ordinary one of the public Internet. `private` ones an operator may open by name; the others
 * are never a registry.
 */
export interface SpecialAddress {
  readonly kind: string
  readonly private: boolean
}

const network = (prefix: string, kind: string, isPrivate: boolean) => ({
  network: IpNetwork.fromStringUnsafe(prefix),
  special: { kind, private: isPrivate }
})

// IANA's special-purpose address registries (RFC 6890 and its successors); the metadata services of the clouds come first.
const SPECIAL_NETWORKS = [
  network("169.254.169.254/32", "a metadata service", false),
  network("169.254.170.2/32", "a metadata service", false),
  network("100.100.100.200/32", "a metadata service", false),
  network("168.63.129.16/32", "a metadata service", false),
  network("fd00:ec2::254/128", "a metadata service", false),
  network("fd20:ce::254/128", "a metadata service", false),
  network("0.0.0.0/8", "unspecified", false),
  network("127.0.0.0/8", "loopback", true),
  network("10.0.0.0/8", "private", true),
  network("172.16.0.0/12", "private", true),
  network("192.168.0.0/16", "private", true),
  network("100.64.0.0/10", "carrier NAT", true),
  network("169.254.0.0/16", "link-local", true),
  network("198.18.0.0/15", "benchmarking", true),
  network("192.0.0.0/24", "reserved", false),
  network("192.0.2.0/24", "documentation", false),
  network("198.51.100.0/24", "documentation", false),
  network("203.0.113.0/24", "documentation", false),
  network("192.88.99.0/24", "6to4", false),
  network("224.0.0.0/4", "multicast", false),
  network("255.255.255.255/32", "broadcast", false),
  network("240.0.0.0/4", "reserved", false),
  network("::/128", "unspecified", false),
  network("::1/128", "loopback", true),
  network("::ffff:0:0/96", "IPv4-mapped", false),
  network("::/96", "IPv4-compatible", false),
  network("64:ff9b:1::/48", "NAT64", false),
  network("fe80::/10", "link-local", true),
  network("fec0::/10", "site-local", false),
  network("fc00::/7", "unique-local", true),
  network("ff00::/8", "multicast", false),
  network("2001::/23", "reserved", false),
  network("2001:db8::/32", "documentation", false),
  network("3fff::/20", "documentation", false),
  network("2002::/16", "6to4", false)
]

const GLOBAL_UNICAST = IpNetwork.fromStringUnsafe("2000::/3")

/** Where a network without IPv4 shows each IPv4 address, in the last 32 bits (RFC 6052, section 2.1). */
const NAT64 = IpNetwork.fromStringUnsafe("64:ff9b::/96")

/** The IPv4 address that a NAT64 one leads to; of any other, the address itself. */
const meant = (address: NetAddress.IpAddress): NetAddress.IpAddress =>
  NetAddress.isIpv6Address(address) && IpNetwork.contains(NAT64, address)
    ? NetAddress.ipv4FromBytesUnsafe(Uint8Array.from(NetAddress.ipv6ToOctets(address).slice(12)))
    : address

/** What is special about an address as a resolver gives it; undefined for an ordinary public one. */
export const specialAddress = (text: string): SpecialAddress | undefined => {
  const parsed = NetAddress.ipFromString(text)
  if (Result.isFailure(parsed)) return { kind: "not an address", private: false }
  const address = meant(parsed.success)
  const known = SPECIAL_NETWORKS.find((entry) => IpNetwork.contains(entry.network, address))
  if (known !== undefined) return known.special
  // Of IPv6 only this eighth is in use; the rest is not a hole to be found one day.
  return NetAddress.isIpv6Address(address) && !IpNetwork.contains(GLOBAL_UNICAST, address)
    ? { kind: "reserved", private: false }
    : undefined
}
