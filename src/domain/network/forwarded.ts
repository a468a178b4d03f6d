import { Option } from "effect"
import { type Address, isAmong, type Network, parseAddress } from "./Address.ts"

/** How some proxies write an address: with the port it came from. */
const withPort = /^(?:\[([^\]]+)\]|([\d.]+)):\d{1,5}$/u

const parseEntry = (entry: string): Option.Option<Address> => {
  const [, bracketed, plain] = withPort.exec(entry) ?? []
  return parseAddress(bracketed ?? plain ?? entry)
}

/**
 * Whose request it is: the peer, or whom trusted proxies say they act for. Each proxy adds at the end of `X-Forwarded-For`
 * whom it was asked by, so the list is believed from its end, entry by entry, as long as the one who wrote the entry is
 * trusted. What stands before that, anybody may have made up; an entry that is no address says nothing, nor does anything
 * before it.
 */
export const clientAddress = (
  peer: Option.Option<Address>,
  forwardedFor: ReadonlyArray<string>,
  trusted: ReadonlyArray<Network>
): Option.Option<Address> => {
  let client = peer
  for (const entry of forwardedFor.toReversed()) {
    if (!Option.exists(client, (writer) => isAmong(trusted, writer))) return client
    const named = parseEntry(entry)
    if (Option.isNone(named)) return client
    client = named
  }
  return client
}
