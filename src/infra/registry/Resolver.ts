import { promises as dns } from "node:dns"
import { Context, Effect, Layer, Schema } from "effect"

/** A name that has no address, or whose addresses could not be learned just now. */
export class Unresolved extends Schema.TaggedError<Unresolved>()("Unresolved", {
  isTemporary: Schema.Boolean
}) {}

/** The addresses of a host name, all of them, as the machine would connect to them. */
export class Resolver extends Context.Service<
  Resolver,
  {
    readonly resolve: (name: string) => Effect.Effect<ReadonlyArray<string>, Unresolved>
  }
>()("keyhole/infra/registry/Resolver") {}

/** The operating system's own resolution, its hosts file included. */
export const system = Layer.succeed(Resolver, {
  resolve: (name) =>
    Effect.tryPromise({
      try: () => dns.lookup(name, { all: true, order: "verbatim" }),
      catch: (cause) =>
        new Unresolved({ isTemporary: cause instanceof Error && "code" in cause && cause.code === "EAI_AGAIN" })
    }).pipe(Effect.map((found) => found.map(({ address }) => address)))
})
