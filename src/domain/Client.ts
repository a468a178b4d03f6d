import { Schema } from "effect"

/** Who is on the other end of a request, as far as the transport tells. */
export class Client extends Schema.Class<Client>("Client")({
  ipAddress: Schema.NullOr(Schema.String),
  userAgent: Schema.NullOr(Schema.String)
}) {}

/** Nobody is: the service does something by itself, or its operator at the command line. */
export const noClient = new Client({ ipAddress: null, userAgent: null })
