import { Context, Deferred, Effect, Layer, Metric } from "effect"
import { registryUrl } from "../../domain/registry/egress.ts"
import { endpoint, type Reference } from "../../domain/registry/Reference.ts"
import { RegistryCredentials } from "../../domain/registry/RegistryCredentials.ts"
import { RegistrySessionClosed } from "../../domain/registry/RegistryError.ts"
import { Registry, type RegistrySession } from "../../domain/registry/RegistrySession.ts"
import { inSpan } from "../observability/inSpan.ts"
import { shown } from "../observability/shown.ts"
import { authorizing } from "./authorize.ts"
import { streamBlob } from "./blobs.ts"
import type { Client } from "./Client.ts"
import type { Send } from "./Exchange.ts"
import { connect } from "./connector.ts"
import { manifestMemory } from "./manifestMemory.ts"
import { fetchManifest } from "./manifests.ts"
import { redirecting } from "./redirect.ts"
import { RegistrySettings } from "./RegistrySettings.ts"
import { Resolver } from "./Resolver.ts"
import { storageAddresses } from "./storageAddresses.ts"
import { fetchTags } from "./tags.ts"

const sessions = shown(Metric.gauge("keyhole_registry_sessions", { description: "Registry sessions that are open" }))
const fetched = shown(
  Metric.counter("keyhole_registry_bytes_total", {
    description: "Bytes of blobs received from registries",
    incremental: true
  })
)
const noServices = Context.empty()

/** Of a URL only the host is shown: the rest may be signed. */
const visibly =
  <E>(send: Send<E>): Send<E> =>
  (request) =>
    inSpan("registry", { "server.address": request.url.host, "http.request.method": request.method })(send(request))

/**
 * Registry sessions over HTTP. Each has its own connections, token and known addresses; nothing of them is shared with
 * another, and all of it is gone when the session's scope closes. What they have in common are manifests by their digest.
 */
export const layer = Layer.effect(
  Registry,
  Effect.gen(function* () {
    const settings = yield* RegistrySettings
    const resolver = yield* Resolver
    const memory = manifestMemory()

    const open = Effect.fn("Registry.open")(function* (reference: Reference) {
      const registry = registryUrl(endpoint(reference), settings)
      const credentials = yield* RegistryCredentials
      const credential = yield* credentials.forHost(reference.registry)
      const connected = yield* connect(settings, resolver)
      const base = new URL(`/v2/${reference.repository}/`, registry)
      const bare = redirecting(connected, settings, base)
      const authorized = yield* authorizing(bare, connected, { reference, registry, credential }, settings)
      const addresses = storageAddresses()
      let bytes = 0

      const closed = yield* Deferred.make<never, RegistrySessionClosed>()
      const ensureOpen = Effect.suspend(() => (Deferred.isDoneUnsafe(closed) ? Deferred.await(closed) : Effect.void))
      const client: Client = {
        reference,
        base,
        settings,
        memory,
        whileOpen: (work) => Effect.andThen(ensureOpen, Effect.raceFirst(Deferred.await(closed), work)),
        ensureOpen,
        send: visibly(authorized.send),
        sendBare: visibly(bare)
      }
      yield* Effect.acquireRelease(Metric.modify(sessions, 1), () => Metric.modify(sessions, -1))
      yield* Effect.addFinalizer(() =>
        Deferred.fail(closed, new RegistrySessionClosed({ repository: reference.repository })).pipe(
          Effect.andThen(authorized.forget),
          Effect.andThen(Effect.sync(() => addresses.forget()))
        )
      )

      const session: RegistrySession = {
        reference,
        manifest: Effect.fn("RegistrySession.manifest")((target) => client.whileOpen(fetchManifest(client, target))),
        tags: Effect.fn("RegistrySession.tags")((page) => client.whileOpen(fetchTags(client, page))),
        blob: (descriptor, reading = "whole") =>
          streamBlob(client, { descriptor, reading }, addresses, (received) => {
            bytes += received
            fetched.updateUnsafe(received, noServices)
          }),
        bytesFetched: Effect.sync(() => bytes)
      }
      return session
    })

    return Registry.of({ open })
  })
)
