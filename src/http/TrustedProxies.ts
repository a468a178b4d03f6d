import { Context } from "effect"
import type { Network } from "../domain/network/Address.ts"

/** The proxies whose `X-Forwarded-…` fields are believed: by default those of nobody. */
export const TrustedProxies = Context.Reference<ReadonlyArray<Network>>("keyhole/http/TrustedProxies", {
  defaultValue: () => []
})
