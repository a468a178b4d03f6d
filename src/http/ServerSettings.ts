import { Context } from "effect"

export class ServerSettings extends Context.Service<
  ServerSettings,
  {
    readonly host: string
    /** 0 lets the system choose. */
    readonly port: number
  }
>()("keyhole/http/ServerSettings") {}
