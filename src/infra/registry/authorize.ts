import { Clock, Effect, Option, Semaphore } from "effect"
import { type Challenge, chooseChallenge } from "../../domain/registry/challenge.ts"
import { allowRealm, hostPort, isBoundRealm } from "../../domain/registry/egress.ts"
import { type Reference, scopeOf } from "../../domain/registry/Reference.ts"
import type { RegistryCredential } from "../../domain/registry/RegistryCredentials.ts"
import type { RegistryDenied } from "../../domain/registry/RegistryError.ts"
import { scopesToAsk } from "../../domain/registry/scope.ts"
import { discard } from "./body.ts"
import type { Answer, AttemptError, Request, RequestError, Send } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"
import { basic, type Proof, requestToken } from "./tokenRequest.ts"

/** Whom a session speaks for, and to which registry about which repository. */
export interface Subject {
  readonly reference: Reference
  readonly registry: URL
  readonly credential: Option.Option<RegistryCredential>
}

export interface Authorized {
  readonly send: Send<AttemptError | RequestError | RegistryDenied>
  /** Drops the token and what it was got by. */
  readonly forget: Effect.Effect<void>
}

const withProof = (request: Request, proof: Proof | undefined): Request =>
  proof === undefined ? request : { ...request, authorization: proof.authorization }

/**
 * Adds the proof that a registry asks for, and is the only place that knows about 401. The first request goes bare; its
 * refusal is the challenge. A proof that is refused is replaced once, by one request for all who wait, and what the registry
 * says to the new one is final.
 */
export const authorizing = (
  send: Send<AttemptError>,
  tokens: Send<AttemptError>,
  subject: Subject,
  settings: Settings
): Effect.Effect<Authorized> =>
  Effect.gen(function* () {
    const { reference, registry, credential } = subject
    const oneAtATime = yield* Semaphore.make(1)
    let held: Proof | undefined
    let met: Challenge | undefined

    const obtain = Effect.fnUntraced(function* (challenge: Challenge) {
      if (challenge._tag === "Basic") {
        return Option.getOrUndefined(
          Option.map(credential, (shown) => ({ authorization: basic(shown), renewAt: Number.POSITIVE_INFINITY }))
        )
      }
      const realm = yield* Effect.fromResult(allowRealm(challenge.realm, registry, settings))
      const request = {
        realm,
        service: challenge.service,
        scopes: scopesToAsk(challenge.scopes, scopeOf(reference)),
        credential: Option.filter(credential, () => isBoundRealm(realm, registry, settings.realms)),
        registry: reference.registry,
        repository: reference.repository
      }
      return yield* requestToken(tokens, request, settings)
    })

    /** Whoever comes with the proof that is held gets it replaced; the others find it replaced already. */
    const replace = (used: Proof | undefined, challenge: Challenge) =>
      Effect.suspend(() =>
        held !== undefined && held !== used
          ? Effect.succeed(held)
          : Effect.tap(obtain(challenge), (proof) =>
              Effect.sync(() => {
                held = proof
                met = challenge
              })
            )
      ).pipe(Semaphore.withPermit(oneAtATime))

    const current = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      return held !== undefined && met !== undefined && now >= held.renewAt ? yield* replace(held, met) : held
    })

    /** The challenge in an answer. Some registries say 400 where they mean that the token has expired. */
    const challengeIn = (answer: Answer, used: Proof | undefined): Challenge | undefined => {
      // What a storage host refuses, after a redirect, is not ours to prove.
      if (hostPort(answer.url) !== hostPort(registry)) return undefined
      if (answer.status === 401) return chooseChallenge(answer.fields("www-authenticate"))
      return answer.status === 400 && used !== undefined ? met : undefined
    }

    return {
      send: Effect.fnUntraced(function* (request) {
        if (hostPort(request.url) !== hostPort(registry)) return yield* send(request)
        const used = yield* current
        const answer = yield* send(withProof(request, used))
        const challenge = challengeIn(answer, used)
        if (challenge === undefined || (challenge._tag === "Basic" && Option.isNone(credential))) return answer
        yield* discard(answer)
        return yield* send(withProof(request, yield* replace(used, challenge)))
      }),
      forget: Effect.sync(() => {
        held = undefined
        met = undefined
      })
    }
  })
