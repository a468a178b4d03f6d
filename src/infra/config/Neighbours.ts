import { Context } from "effect"
import type { Network } from "../../domain/network/Address.ts"

/** Who stands before the service, and whose pages may call it. */
export class Neighbours extends Context.Service<
  Neighbours,
  {
    readonly trustedProxies: ReadonlyArray<Network>
    readonly allowedOrigins: ReadonlySet<string>
  }
>()("keyhole/infra/config/Neighbours") {}
