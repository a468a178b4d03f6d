import { Context } from "effect"

/** A body of an endpoint as somebody would write it, for whoever reads the documentation. */
export const BodyExample = Context.Reference<Readonly<Record<string, unknown>> | undefined>(
  "keyhole/http/api/BodyExample",
  { defaultValue: () => undefined }
)
