import { Context } from "effect"

/** The origins of other sites whose pages may call the service and read its answers: by default none. */
export const AllowedOrigins = Context.Reference<ReadonlySet<string>>("keyhole/http/AllowedOrigins", {
  defaultValue: () => new Set()
})
