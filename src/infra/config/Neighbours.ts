import { Context } from "effect"
import type { Network } from "../../domain/network/Address.ts"

/** Who stands before the service. */
export class Neighbours extends Context.Service<
  Neighbours,
  {
    readonly trustedProxies: ReadonlyArray<Network>
  }
>()("keyhole/infra/config/Neighbours") {}
