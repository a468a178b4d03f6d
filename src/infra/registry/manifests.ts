import { createHash } from "node:crypto"
import { Effect } from "effect"
import { algorithm, type Digest, isDigest } from "../../domain/registry/Digest.ts"
import { MANIFEST_TYPES } from "../../domain/registry/mediaType.ts"
import { isTag, repositoryOf } from "../../domain/registry/Reference.ts"
import { ImageNotFound, ManifestInvalid, type RegistryError } from "../../domain/registry/RegistryError.ts"
import type { ManifestDocument } from "../../domain/registry/RegistrySession.ts"
import { inTime, readBody } from "./body.ts"
import type { Client } from "./Client.ts"
import type { Answer, Request } from "./Exchange.ts"
import { refuseNotNow, retrying } from "./retry.ts"
import { refusal } from "./status.ts"

const LIMIT = 4 * 1024 * 1024

/** The digest of a document, by the function of the one it should have. */
const digestOf = (bytes: Uint8Array, like: Digest | undefined): string => {
  const name = like === undefined ? "sha256" : algorithm(like)
  return `${name}:${createHash(name).update(bytes).digest("hex")}`
}

/** What the document has to hash to: what it was asked for by, else what the registry says it is. */
const expected = (target: string, answer: Answer): Digest | undefined => {
  const said = answer.header("docker-content-digest")
  return isDigest(target) ? target : isDigest(said) ? said : undefined
}

const ask = (client: Client, method: "GET" | "HEAD", target: string): Request => ({
  method,
  url: new URL(`manifests/${target}`, client.base),
  hop: "registry",
  headers: { Accept: MANIFEST_TYPES.join(", ") }
})

/**
 * What the registry would send, by its digest, if it says so. One registry counts what is fetched and not what is only
 * asked about, so asking first is worth it where there is a chance to know the document already.
 */
const digestAhead = Effect.fnUntraced(function* (client: Client, target: string) {
  if (!client.memory.knows(client.reference)) return undefined
  const answer = yield* refuseNotNow(yield* client.send(ask(client, "HEAD", target)))
  const digest = expected(target, answer)
  return answer.status === 200 ? digest : undefined
})

/**
 * Fetches a manifest or index (OCI Distribution 1.1, "Pulling manifests"). One that is remembered is given only after the
 * registry has said in this very session, with its token, that this is what it would send.
 */
export const fetchManifest = (client: Client, target: string): Effect.Effect<ManifestDocument, RegistryError> => {
  const { memory, reference, settings } = client
  const image = `${repositoryOf(reference)}${isDigest(target) ? "@" : ":"}${target}`
  if (!isDigest(target) && !isTag(target)) return Effect.fail(new ImageNotFound({ image }))
  return Effect.gen(function* () {
    const ahead = yield* digestAhead(client, target)
    const remembered = ahead === undefined ? undefined : memory.get(reference, ahead)
    if (remembered !== undefined) return remembered

    const exact = ahead ?? target
    const answer = yield* refuseNotNow(yield* client.send(ask(client, "GET", exact)))
    if (answer.status !== 200) return yield* refusal(answer, reference, image)
    const bytes = yield* readBody(answer, LIMIT, settings.idleTimeout)
    if (bytes === undefined) return yield* new ManifestInvalid({ reason: "it is larger than 4 MiB" })
    const wanted = expected(exact, answer)
    const digest = digestOf(bytes, wanted)
    if (!isDigest(digest) || (wanted !== undefined && digest !== wanted)) {
      return yield* new ManifestInvalid({ reason: `its digest is ${digest} and should be ${wanted}` })
    }
    const mediaType = answer.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? ""
    const document: ManifestDocument = { digest, mediaType, bytes }
    memory.put(reference, document)
    return document
  }).pipe(Effect.scoped, inTime(settings, client.base.host), (work) => retrying(work, settings))
}
