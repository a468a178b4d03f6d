import { createHash } from "node:crypto"
import { Cause, Effect, Exit, Pull, Scope, Stream } from "effect"
import { LayerCorrupt } from "../../domain/image/LayerError.ts"
import type { Descriptor } from "../../domain/registry/Descriptor.ts"
import { algorithm } from "../../domain/registry/Digest.ts"
import type { RegistryError } from "../../domain/registry/RegistryError.ts"
import { endedEarly, type OpenBlob, openBlob, type StorageAddresses } from "./blobSource.ts"
import { pullBody } from "./body.ts"
import type { Client } from "./Client.ts"
import { retrying } from "./retry.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

/**
 * Streams a blob. A lost connection is taken up again where it broke, as long as something came before it broke again; the
 * size is checked as the bytes pass, the digest when the last one has.
 */
export const streamBlob = (
  client: Client,
  descriptor: Descriptor,
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
        const opened = yield* openBlob(client, descriptor, offset, addresses).pipe(
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

      const ended = Effect.gen(function* () {
        if (current !== undefined && offset < descriptor.size)
          return yield* endedEarly(current.open, descriptor, offset)
        const digest = `${algorithm(descriptor.digest)}:${hash.digest("hex")}`
        if (digest === descriptor.digest) return yield* Cause.done()
        return yield* new LayerCorrupt({ reason: `its digest is ${digest} and should be ${descriptor.digest}` })
      })

      const step: Effect.Effect<Chunks, RegistryError | Cause.Done> = Effect.gen(function* () {
        for (;;) {
          yield* client.ensureOpen
          const { pull } = current ?? (yield* client.whileOpen(open))
          const [first, ...rest] = yield* Pull.matchEffect(pull, {
            onSuccess: take,
            onFailure: Effect.failCause,
            onDone: () => ended
          })
          if (first !== undefined) return [first, ...rest] as const
        }
      }).pipe(
        // A session that closes breaks its connections: that is no loss to recover from.
        Effect.catch((error) => Effect.andThen(drop, Effect.andThen(client.ensureOpen, Effect.fail(error)))),
        (work) => retrying(work, client.settings)
      )
      return Stream.fromPull(Effect.succeed(step))
    })
  )
