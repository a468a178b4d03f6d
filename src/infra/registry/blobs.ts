import { createHash } from "node:crypto"
import { Cause, Effect, Exit, Pull, Scope, Stream } from "effect"
import { LayerCorrupt } from "../../domain/image/LayerError.ts"
import type { Descriptor } from "../../domain/registry/Descriptor.ts"
import { algorithm } from "../../domain/registry/Digest.ts"
import { nextPart, type Reading } from "../../domain/registry/nextPart.ts"
import type { RegistryError, RegistryTimeout } from "../../domain/registry/RegistryError.ts"
import { endedEarly, type OpenBlob, openBlob } from "./blobSource.ts"
import { pullBody } from "./body.ts"
import type { Client } from "./Client.ts"
import { ConnectionLost } from "./Exchange.ts"
import { retrying } from "./retry.ts"
import type { StorageAddresses } from "./storageAddresses.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

interface Wanted {
  readonly descriptor: Descriptor
  readonly reading: Reading
}

/** Lets the next chunk be received and hashed while whoever reads is busy with this one, on another thread perhaps. */
const ahead = { capacity: 2 } as const

/**
 * Streams a blob, in one part or in several. A lost connection, or one that went silent, is taken up again where it broke,
 * as long as something came before it broke again; the size is checked as the bytes pass, the digest when the last one has.
 */
export const streamBlob = (
  client: Client,
  { descriptor, reading }: Wanted,
  addresses: StorageAddresses,
  received: (bytes: number) => void
): Stream.Stream<Uint8Array, RegistryError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const hash = createHash(algorithm(descriptor.digest))
      let offset = 0
      let skip = 0
      let current:
        | { readonly open: OpenBlob; readonly scope: Scope.Closeable; readonly pull: ReturnType<typeof pullBody> }
        | undefined

      const open = Effect.gen(function* () {
        const own = yield* Scope.fork(scope)
        const part = nextPart(offset, descriptor.size, reading)
        const opened = yield* openBlob(client, descriptor, part, addresses).pipe(
          Scope.provide(own),
          Effect.onError((cause) => Scope.close(own, Exit.failCause(cause)))
        )
        skip = opened.skip
        current = { open: opened, scope: own, pull: pullBody(opened.answer, client.settings.idleTimeout) }
        return current
      })

      const drop = Effect.suspend(() => {
        const dropped = current
        current = undefined
        return dropped === undefined ? Effect.void : Scope.close(dropped.scope, Exit.void)
      })

      /** Takes in what arrived; what was there already is not passed on a second time. */
      const take = Effect.fnUntraced(function* (chunks: Chunks) {
        const fresh: Array<Uint8Array> = []
        for (const chunk of chunks) {
          received(chunk.length)
          const rest = skip === 0 ? chunk : chunk.subarray(Math.min(skip, chunk.length))
          skip -= chunk.length - rest.length
          if (rest.length === 0) continue
          offset += rest.length
          hash.update(rest)
          fresh.push(rest)
        }
        if (offset > descriptor.size) {
          return yield* new LayerCorrupt({ reason: `it is longer than its ${descriptor.size} bytes` })
        }
        return fresh
      })

      /** At the end of a body: of one part of several, or of the blob. */
      const ended = Effect.gen(function* () {
        if (current !== undefined && offset < descriptor.size) {
          if (offset !== current.open.asked.end) return yield* endedEarly(current.open, descriptor, offset)
          yield* drop
          return []
        }
        const digest = `${algorithm(descriptor.digest)}:${hash.digest("hex")}`
        if (digest === descriptor.digest) return yield* Cause.done()
        return yield* new LayerCorrupt({ reason: `its digest is ${digest} and should be ${descriptor.digest}` })
      })

      /** A connection that brought something before it went silent is worth another one. */
      const silent = (error: RegistryTimeout) =>
        current !== undefined && offset > current.open.start
          ? new ConnectionLost({ host: error.host, reason: "it went silent" })
          : error

      const step: Effect.Effect<Chunks, RegistryError | Cause.Done> = Effect.gen(function* () {
        for (;;) {
          yield* client.ensureOpen
          const { pull } = current ?? (yield* client.whileOpen(open))
          const [first, ...rest] = yield* Pull.matchEffect(pull, {
            onSuccess: take,
            onFailure: (cause) =>
              Effect.mapError(Effect.failCause(cause), (error) =>
                error._tag === "RegistryTimeout" ? silent(error) : error
              ),
            onDone: () => ended
          })
          if (first !== undefined) return [first, ...rest] as const
        }
      }).pipe(
        // A session that closes breaks its connections: that is no loss to recover from.
        Effect.catch((error) => Effect.andThen(drop, Effect.andThen(client.ensureOpen, Effect.fail(error)))),
        (work) => retrying(work, client.settings)
      )
      const readAhead = Stream.fromPull(Effect.succeed(step)).pipe(
        Stream.bufferArray(ahead),
        // What waits in the buffer when the session closes is not for anybody any more.
        Stream.mapArrayEffect((chunks) => Effect.as(client.ensureOpen, chunks))
      )
      if (reading === "whole") return readAhead

      // Reading ahead would ask for parts that nobody may come to want, so it begins with the last one.
      const isLast = () => (current?.open ?? nextPart(offset, descriptor.size, reading)).end === descriptor.size
      const inParts = Effect.suspend(() => (isLast() ? Cause.done() : step))
      return Stream.concat(Stream.fromPull(Effect.succeed(inParts)), readAhead)
    })
  )
