import { Option, Result } from "effect"
import { IpNetwork, NetAddress } from "effect/net"

export type Address = NetAddress.IpAddress
export type Network = IpNetwork.IpNetwork

/** An IPv4 address that came over an IPv6 socket is what it is (RFC 4291 §2.5.5.2); zones mean nothing beyond their host. */
export const parseAddress = (text: string): Option.Option<Address> =>
  Result.getSuccess(
    Result.map(NetAddress.ipFromString(text.replace(/%.*/su, "")), (address) => NetAddress.toCanonical(address))
  )

/** One address, or a network in CIDR notation; IPv4 is written as IPv4. */
export const parseNetwork = (text: string): Option.Option<Network> => {
  if (text.includes("/")) {
    return Option.filter(
      Result.getSuccess(IpNetwork.fromString(text)),
      ({ address }) => NetAddress.isIpv4Address(address) || !NetAddress.isIpv4Mapped(address)
    )
  }
  return Option.map(parseAddress(text), (address) => IpNetwork.makeUnsafe(address, NetAddress.width(address)))
}

export const isAmong = (networks: ReadonlyArray<Network>, address: Address): boolean =>
  networks.some((network) => IpNetwork.contains(network, address))

// What one customer is given at least, and changes addresses in at will (RFC 6177 §2).
const IPV6_SITE = 64

/** What counts as one place that requests come from: an IPv4 address, or the /64 of an IPv6 one. */
export const placeOf = (text: string): string =>
  Option.match(parseAddress(text), {
    onNone: () => text,
    onSome: (address) =>
      NetAddress.isIpv4Address(address)
        ? NetAddress.formatIp(address)
        : IpNetwork.format(IpNetwork.fromAddressUnsafe(address, IPV6_SITE))
  })
