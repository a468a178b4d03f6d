import { Context } from "effect"

/** Where it is written which country an address is in; null when nobody is to know. */
export class CountrySettings extends Context.Service<CountrySettings, { readonly file: string | null }>()(
  "keyhole/infra/network/CountrySettings"
) {}
