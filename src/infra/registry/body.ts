import { Cause, Duration, Effect, Pull } from "effect"
import { GrowingBytes } from "../../domain/GrowingBytes.ts"
import { RegistryTimeout } from "../../domain/registry/RegistryError.ts"
import { turn } from "../eventLoop/turns.ts"
import { Arrived } from "./Arrived.ts"
import { type Answer, ConnectionLost } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]
export type BodyError = ConnectionLost | RegistryTimeout

// As much as waits for a slow reader before the connection is told to wait as well.
const AHEAD = 128 * 1024

/**
 * Pulls a body in the pieces it arrives in, small ones put together. Waiting longer than `idle` for one is a timeout; a reader
 * that takes its time is none. A body that ends before its end, by length or by chunks, is a lost connection.
 */
export const pullBody = (answer: Answer, idle: Duration.Duration): Effect.Effect<Chunks, BodyError | Cause.Done> => {
  const { message } = answer
  const patience = Duration.toMillis(idle)
  const waiting = new Arrived()
  let isTelling = false
  let wake: (() => void) | undefined

  const tell = () => {
    isTelling = false
    wake?.()
  }
  message.on("data", (chunk: Uint8Array) => {
    waiting.add(chunk)
    if (waiting.length >= AHEAD) message.pause()
    // All that was received at once is there by then.
    if (!isTelling) queueMicrotask(tell)
    isTelling = true
  })
  message.on("close", () => wake?.())
  // Node hands the connection back a tick after the end; whoever asks for more then finds it free.
  message.on("end", () => setImmediate(() => wake?.()))

  const isReady = () => waiting.length > 0 || message.readableEnded || message.destroyed

  const ready = Effect.callback<void, RegistryTimeout>((resume) => {
    if (isReady()) return resume(Effect.void)
    const timer = setTimeout(() => resume(Effect.fail(new RegistryTimeout({ host: answer.url.host }))), patience)
    const settle = () => {
      clearTimeout(timer)
      wake = undefined
    }
    wake = () => {
      if (!isReady()) return
      settle()
      resume(Effect.void)
    }
    return Effect.sync(settle)
  })

  const taken = Effect.suspend((): Effect.Effect<Chunks, ConnectionLost | Cause.Done> => {
    const [first, ...rest] = waiting.take()
    if (first === undefined) {
      return message.readableEnded
        ? Cause.done()
        : Effect.fail(new ConnectionLost({ host: answer.url.host, reason: "the connection was lost" }))
    }
    if (message.isPaused()) message.resume()
    return Effect.succeed([first, ...rest])
  })

  // More is let in only when what came has had its turn: many bodies at once bring no more than is dealt with.
  return Effect.andThen(Effect.andThen(ready, turn), taken)
}

/** Reads a whole body of at most `limit` bytes; undefined as soon as it is known to be longer. */
export const readBody = Effect.fnUntraced(function* (answer: Answer, limit: number, idle: Duration.Duration) {
  if (Number(answer.header("content-length") ?? 0) > limit) return undefined
  const pull = pullBody(answer, idle)
  const gathered = new GrowingBytes()
  for (;;) {
    const next = yield* Pull.matchEffect(pull, {
      onSuccess: (pulled) => Effect.succeed(pulled),
      onFailure: Effect.failCause,
      onDone: () => Effect.succeed(undefined)
    })
    if (next === undefined) return gathered.take()
    for (const chunk of next) gathered.add(chunk)
    if (gathered.length > limit) return undefined
  }
})

/** Bounds the time that a request and its whole document may take together. */
export const inTime =
  (settings: Settings, host: string) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E | RegistryTimeout, R> =>
    Effect.timeoutOrElse(work, {
      duration: settings.documentTimeout,
      orElse: () => Effect.fail(new RegistryTimeout({ host }))
    })

/** Gives an answer up. A short body is read to its end, so that its connection can serve the next request. */
export const discard = (answer: Answer): Effect.Effect<void> =>
  readBody(answer, 64 * 1024, Duration.seconds(1)).pipe(
    Effect.timeoutOption("1 second"),
    Effect.ignore,
    Effect.ensuring(Effect.sync(() => answer.message.destroy()))
  )
