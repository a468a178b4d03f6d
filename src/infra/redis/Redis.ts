import { Context, Duration, Effect, Exit, Fiber, Layer, Option, Redacted } from "effect"
import { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { inSpan } from "../observability/inSpan.ts"
import { waitingForRedis } from "../observability/storeTimes.ts"
import { databaseOf, nameOf } from "./redisUrl.ts"

/** How long a command may take. */
const PATIENCE = Duration.millis(500)
/** How long after an answer the server is asked again whether it is there. */
const ASK_EVERY = Duration.millis(250)
/** A connection on which nothing moves for so long is given up: its other end may be gone without a word. */
const SILENCE = 2000
const SLOWEST_RETRY = 1000

const clientOf = async (url: Redacted.Redacted<string>) => {
  // A quarter of everything that a start could load, and 20 MB: not for a service without Redis.
  const { createClient } = await import("redis")
  return createClient({
    url: Redacted.value(url),
    // Who asks while it is away learns that at once.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: SILENCE,
      socketTimeout: SILENCE,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** Math.min(retries, 10), SLOWEST_RETRY)
    }
  })
}

type Client = Awaited<ReturnType<typeof clientOf>>

const unavailable = (cause: unknown) => new StorageUnavailable({ store: "redis", cause })

/** What everything here that Keyhole writes begins with. */
const PREFIX = "keyhole:"

/** A Redis server, which may be away at any time. */
export class Redis extends Context.Service<
  Redis,
  {
    /** A command, which is answered or given up within half a second. */
    readonly send: <A>(command: (client: Client) => Promise<A>) => Effect.Effect<A, StorageUnavailable>
    /** Whether it answers; a server that hangs is found out within a second. */
    readonly isUp: Effect.Effect<boolean>
    /** Hears what is published on the channel whenever the server is there, until the layer ends. */
    readonly listen: (channel: string, hear: (text: string) => void) => Effect.Effect<void>
    readonly keyOf: (name: string) => string
    /** Channels are not divided among a server's databases, as keys are. */
    readonly channelOf: (name: string) => string
  }
>()("keyhole/infra/redis/Redis") {}

/** Connects in the background, again and again. A server that is not there keeps no start from going on. */
export const layer = (url: Redacted.Redacted<string>) =>
  Layer.effect(
    Redis,
    Effect.gen(function* () {
      const client = yield* Effect.promise(() => clientOf(url))
      let isUp: boolean | undefined
      let reason: unknown
      const wanted = new Map<string, (text: string) => void>()
      const subscribed = new Set<string>()

      client.on("error", (error: unknown) => {
        reason = error
      })
      // It ends when there is no more hope, which is never, or when the client is destroyed.
      client.connect().catch(() => undefined)
      yield* Effect.addFinalizer(() => Effect.sync(() => client.destroy()))

      const told = Effect.fnUntraced(function* (answers: boolean) {
        if (answers === isUp) return
        const before = isUp
        isUp = answers
        if (!answers) {
          const detail = reason instanceof Error ? reason.message : "it does not answer"
          yield* Effect.logWarning(`Redis at ${nameOf(url)} is lost (${detail}): word goes slower until it is back`)
        } else if (before === false) yield* Effect.logInfo(`Redis at ${nameOf(url)} is back`)
        reason = undefined
      })

      const subscribe = Effect.promise(async () => {
        for (const [channel, hear] of wanted) {
          if (subscribed.has(channel)) continue
          subscribed.add(channel)
          // From then on the client subscribes again by itself whenever it has connected again.
          await client.subscribe(channel, hear).catch(() => subscribed.delete(channel))
        }
      })

      const ping = Effect.tryPromise({ try: () => client.ping(), catch: unavailable })
      const ask = Effect.gen(function* () {
        const asked = yield* Effect.forkChild(ping)
        const soon = yield* Effect.timeoutOption(Fiber.await(asked), PATIENCE)
        yield* told(Option.exists(soon, Exit.isSuccess))
        // A second question would keep a connection from being given up on which nothing comes back.
        const exit = yield* Fiber.await(asked)
        yield* told(Exit.isSuccess(exit))
        if (Exit.isSuccess(exit)) yield* Effect.timeoutOption(subscribe, PATIENCE)
      })

      const settled = Effect.callback<void>((resume) => {
        const done = () => resume(Effect.void)
        client.once("ready", done)
        client.once("error", done)
      })
      yield* Effect.timeoutOption(settled, "2 seconds")
      yield* Effect.timeoutOption(ask, "1 second")
      yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(ASK_EVERY), ask)))

      return Redis.of({
        send: (command) =>
          Effect.suspend(() => {
            const over = waitingForRedis()
            return Effect.tryPromise({ try: () => command(client), catch: unavailable }).pipe(
              Effect.timeoutOrElse({
                duration: PATIENCE,
                orElse: () => Effect.fail(unavailable("it does not answer"))
              }),
              Effect.onExit((exit) => Effect.sync(() => over(Exit.isSuccess(exit)))),
              inSpan("redis", { "db.system.name": "redis" })
            )
          }),
        isUp: Effect.sync(() => isUp === true),
        listen: (channel, hear) =>
          Effect.andThen(
            Effect.sync(() => wanted.set(channel, hear)),
            Effect.suspend(() =>
              isUp === true ? Effect.asVoid(Effect.timeoutOption(subscribe, PATIENCE)) : Effect.void
            )
          ),
        keyOf: (name) => PREFIX + name,
        channelOf: (name) => `${PREFIX}${databaseOf(url)}:${name}`
      })
    })
  )
