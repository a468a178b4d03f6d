import { Context, Effect, FiberSet, Layer } from "effect"
import { Redis } from "../redis/Redis.ts"

/** Carries word among instances as fast as it can, or not at all: nobody may rely on it. */
export class Messenger extends Context.Service<
  Messenger,
  {
    readonly send: (to: string, text: string) => Effect.Effect<void>
    readonly receive: (at: string, hear: (text: string) => Effect.Effect<void>) => Effect.Effect<void>
  }
>()("keyhole/infra/change/Messenger") {}

/** Nobody hears anything. */
export const none = Layer.succeed(Messenger, { send: () => Effect.void, receive: () => Effect.void })

export const onRedis = Layer.effect(
  Messenger,
  Effect.gen(function* () {
    const { channelOf, listen, send } = yield* Redis
    const run = yield* FiberSet.makeRuntime()
    return Messenger.of({
      send: (to, text) => Effect.ignore(send((client) => client.publish(channelOf(to), text))),
      receive: (at, hear) => listen(channelOf(at), (text) => void run(hear(text)))
    })
  })
)
