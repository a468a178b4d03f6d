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
    /** The origins of other sites whose pages may call the service. */
    readonly allowedOrigins: ReadonlySet<string>
  }
>()("keyhole/http/ServerSettings") {}
