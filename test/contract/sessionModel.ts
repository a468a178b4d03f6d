/** What sessions and their refresh tokens should do, as a state that is never changed but replaced. */
interface ModelToken {
  readonly value: string
  readonly expiresAt: number
  readonly consumedAt: number | null
}

export interface ModelSession {
  readonly id: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly closed: string | null
  /** The family, oldest first; the last is the live one. */
  readonly tokens: ReadonlyArray<ModelToken>
}

export type Model = ReadonlyArray<ModelSession>

export interface Rules {
  readonly atMost: number
  readonly grace: number
  readonly leeway: number
  readonly ttl: number
}

/** Something a caller did, and what came of it. */
export type Step =
  | { readonly did: "sign in"; readonly session: string; readonly token: string }
  | { readonly did: "refresh"; readonly token: string; readonly got: string }
  | { readonly did: "sign out"; readonly token: string }

const isLive = (session: ModelSession, now: number) => session.closed === null && session.expiresAt > now

const replace = (model: Model, next: ModelSession): Model =>
  model.map((session) => (session.id === next.id ? next : session))

const closing = (session: ModelSession, reason: string): ModelSession =>
  session.closed === null ? { ...session, closed: reason } : session

const fresh = (value: string, now: number, { ttl }: Rules): ModelToken => ({
  value,
  expiresAt: now + ttl,
  consumedAt: null
})

/** The states after a sign-in: where the oldest sessions are of one age, any of them may have been closed. */
const afterSignIn = (model: Model, opened: ModelSession, now: number, { atMost }: Rules): ReadonlyArray<Model> => {
  const live = model.filter((session) => isLive(session, now))
  if (live.length < atMost) return [[...model, opened]]
  const oldest = Math.min(...live.map(({ createdAt }) => createdAt))
  return live
    .filter(({ createdAt }) => createdAt === oldest)
    .map((session) => replace(model, closing(session, "superseded")).concat(opened))
}

const afterRefresh = (
  model: Model,
  session: ModelSession,
  presented: ModelToken,
  got: string,
  now: number,
  rules: Rules
): ReadonlyArray<Model> => {
  if (presented.expiresAt + rules.leeway <= now) return got === "TokenExpired" ? [model] : []
  if (!isLive(session, now)) return got === "TokenRevoked" ? [model] : []
  const live = session.tokens.at(-1)
  if (live === presented) {
    if (session.tokens.some(({ value }) => value === got)) return []
    const consumed = { ...presented, consumedAt: now }
    const tokens = [...session.tokens.slice(0, -1), consumed, fresh(got, now, rules)]
    return [replace(model, { ...session, tokens, expiresAt: now + rules.ttl })]
  }
  if (now <= (presented.consumedAt ?? now) + rules.grace) return got === live?.value ? [model] : []
  return got === "RefreshReused" ? [replace(model, closing(session, "refresh-reused"))] : []
}

/** Every state that the step may have led to; none when the rules do not explain it. */
const after = (model: Model, step: Step, now: number, rules: Rules): ReadonlyArray<Model> => {
  if (step.did === "sign in") {
    const tokens = [fresh(step.token, now, rules)]
    const opened = { id: step.session, createdAt: now, expiresAt: now + rules.ttl, closed: null, tokens }
    return afterSignIn(model, opened, now, rules)
  }
  const session = model.find(({ tokens }) => tokens.some(({ value }) => value === step.token))
  const presented = session?.tokens.find(({ value }) => value === step.token)
  if (session === undefined || presented === undefined) return []
  return step.did === "sign out"
    ? [replace(model, closing(session, "signed-out"))]
    : afterRefresh(model, session, presented, step.got, now, rules)
}

/** Each state once: most orders of the same steps come to the same. */
const distinct = (models: ReadonlyArray<Model>): ReadonlyArray<Model> => [
  ...new Map(models.map((model) => [JSON.stringify(model), model])).values()
]

/** Every state that steps taken at once may have led to, one after the other in whatever order. */
export const explanations = (
  models: ReadonlyArray<Model>,
  steps: ReadonlyArray<Step>,
  now: number,
  rules: Rules
): ReadonlyArray<Model> =>
  steps.length === 0
    ? models
    : distinct(
        steps.flatMap((step, index) =>
          explanations(
            models.flatMap((model) => after(model, step, now, rules)),
            steps.toSpliced(index, 1),
            now,
            rules
          )
        )
      )
