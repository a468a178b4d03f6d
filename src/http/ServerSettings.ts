import { Context } from "effect"
import type { Network } from "../domain/network/Address.ts"

export class ServerSettings extends Context.Service<
  ServerSettings,
  {
    readonly host: string
    /** 0 lets the system choose. */
    readonly port: number
    /** The proxies whose `X-Forwarded-…` fields are believed. */
    readonly trustedProxies: ReadonlyArray<Network>
  }
>()("keyhole/http/ServerSettings") {}
