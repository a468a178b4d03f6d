import { Context } from "effect"

/** Which country an address is said to be in, as ISO 3166-1 alpha-2: a hint for people, and nothing to decide by. */
export const Countries = Context.Reference<{ readonly of: (ipAddress: string) => string | undefined }>(
  "keyhole/domain/network/Countries",
  { defaultValue: () => ({ of: () => undefined }) }
)
