import { Context } from "effect"

/** Where the server is to listen. */
export class ServerAddress extends Context.Service<
  ServerAddress,
  {
    readonly host: string
    /** 0 lets the system choose. */
    readonly port: number
  }
>()("keyhole/infra/config/ServerAddress") {}
