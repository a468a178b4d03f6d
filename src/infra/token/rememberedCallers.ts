import { hash } from "node:crypto"
import { Clock, Effect, Layer } from "effect"
import type { Principal } from "../../domain/access/Principal.ts"
import { type Judgement, KnownCallers } from "../../domain/token/KnownCallers.ts"
import { revocationOf } from "../../domain/token/revocation.ts"
import type { Change } from "../change/Change.ts"
import { ChangeFeed } from "../change/ChangeFeed.ts"
import { Standing } from "../change/Standing.ts"

// Less than 1 KB each, beside the users whom `rememberedUsers` keeps.
const CAPACITY = 5000

const groundOf = (kind: Change["kind"], subject: string) => `${kind} ${subject}`

/** What may change of that by which a caller was found, besides the roles and the keys, which are everybody's. */
const groundsOf = ({ caller }: Judgement) => [
  groundOf("user", caller.user.id),
  groundOf("token-entry", revocationOf(caller.sessionId))
]

/** Tokens are known by their SHA-256, so that nothing here could be presented. */
const keyOf = (token: string) => hash("sha256", token, "base64")

/**
 * The callers who came lately, as long as nothing changes of what their judgements stand on. Like all that is remembered they
 * are given out only after the feed has said that there is no change it does not know of (docs/adr/0043).
 */
export const rememberedCallers = Layer.effect(
  KnownCallers,
  Effect.gen(function* () {
    const feed = yield* ChangeFeed
    const clock = yield* Clock.Clock
    const known = new Standing<Judgement>(CAPACITY)
    // What is found while something changes may be the old: it counts for the one who asked, and is not kept.
    let changes = 0

    yield* feed.listen({
      apply: (change) => {
        changes += 1
        if (change.kind === "roles" || change.kind === "keys") known.clear()
        else known.withdraw(groundOf(change.kind, change.subject))
      },
      reset: () => {
        changes += 1
        known.clear()
      }
    })

    const find = (key: string): Principal | undefined => {
      const found = known.get(key)
      if (found === undefined) return undefined
      const now = clock.currentTimeMillisUnsafe()
      return found.lifetime.from <= now && now < found.lifetime.until ? found.caller : undefined
    }

    return {
      recall: (token) => (feed.isCurrent() ? find(keyOf(token)) : undefined),
      judged: Effect.fnUntraced(function* (token, judgement) {
        const key = keyOf(token)
        if (known.get(key) !== undefined) {
          yield* feed.current
          const caller = find(key)
          if (caller !== undefined) return caller
        }
        const before = changes
        const found = yield* judgement
        if (changes === before) known.set(key, found, groundsOf(found))
        return found.caller
      })
    }
  })
)
