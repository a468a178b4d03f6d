/** What sessions of both kinds and their refresh tokens should do, as a state that is never changed but replaced. */
interface ModelToken {
  readonly value: string
  readonly expiresAt: number
  readonly consumedAt: number | null
}

/** What a cookie session is known by, and what it was known by until a moment ago. */
interface ModelCookie {
  readonly secret: string
  readonly replaced: { readonly secret: string; readonly at: number } | null
  readonly lastSeenAt: number
}

export interface ModelSession {
  readonly id: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly closed: string | null
  /** The family of a token session, oldest first; the last is the live one. */
  readonly tokens: ReadonlyArray<ModelToken>
  /** Null for a token session. */
  readonly cookie: ModelCookie | null
}

export interface Model {
  readonly sessions: ReadonlyArray<ModelSession>
  readonly user: "enabled" | "disabled" | "deleted"
  readonly password: string
}

export interface Rules {
  readonly atMost: number
  readonly grace: number
  readonly leeway: number
  readonly ttl: number
  /** How long a cookie session lives unused, and in all. */
  readonly unused: number
  readonly max: number
}

/** Something a caller did, and what came of it: `got` is what was handed out, or the name of the refusal. */
export type Step =
  | { readonly did: "sign in"; readonly password: string; readonly session: string | null; readonly got: string }
  | {
      readonly did: "sign in with a cookie"
      readonly password: string
      readonly previous: string
      readonly session: string | null
      readonly got: string
    }
  | { readonly did: "refresh"; readonly token: string; readonly got: string }
  | { readonly did: "use the cookie"; readonly cookie: string; readonly got: string }
  | {
      readonly did: "change the password"
      readonly cookie: string
      readonly password: string
      readonly next: string
      readonly got: string
    }
  | { readonly did: "sign out"; readonly token: string }
  | { readonly did: "sign out with the cookie"; readonly cookie: string }
  | { readonly did: "sign out everywhere" }
  | { readonly did: "disable" | "enable" | "delete"; readonly got: string }

type States = ReadonlyArray<Model>

const isLive = (session: ModelSession, now: number) => session.closed === null && session.expiresAt > now

const replace = (model: Model, next: ModelSession): Model => ({
  ...model,
  sessions: model.sessions.map((session) => (session.id === next.id ? next : session))
})

const closing = (session: ModelSession, reason: string): ModelSession =>
  session.closed === null ? { ...session, closed: reason } : session

/** What was over before anybody closed it ended by itself. */
const closingAll = (model: Model, reason: string, now: number, except?: string): Model => ({
  ...model,
  sessions: model.sessions.map((each) =>
    isLive(each, now) ? (each.id === except ? each : closing(each, reason)) : closing(each, "expired")
  )
})

const fresh = (value: string, now: number, { ttl }: Rules): ModelToken => ({
  value,
  expiresAt: now + ttl,
  consumedAt: null
})

/** The states after a session was opened: where the oldest are of one age, any of them may have been closed. */
const opening = (model: Model, opened: ModelSession, now: number, { atMost }: Rules): States => {
  const live = model.sessions.filter((session) => isLive(session, now))
  const withOpened = ({ sessions, ...rest }: Model): Model => ({ ...rest, sessions: [...sessions, opened] })
  if (live.length < atMost) return [withOpened(model)]
  const oldest = Math.min(...live.map(({ createdAt }) => createdAt))
  return live
    .filter(({ createdAt }) => createdAt === oldest)
    .map((session) => withOpened(replace(model, closing(session, "superseded"))))
}

const knownBy = (model: Model, secret: string) => model.sessions.find(({ cookie }) => cookie?.secret === secret)

const afterSignIn = (
  model: Model,
  step: Extract<Step, { did: "sign in" | "sign in with a cookie" }>,
  now: number,
  rules: Rules
): States => {
  const welcome = model.user === "enabled" && model.password === step.password
  if (step.session === null) return !welcome && step.got === "InvalidCredentials" ? [model] : []
  if (!welcome || model.sessions.some(({ id }) => id === step.session)) return []
  const bare = { id: step.session, createdAt: now, closed: null }
  if (step.did === "sign in") {
    const tokens = [fresh(step.got, now, rules)]
    return opening(model, { ...bare, expiresAt: now + rules.ttl, tokens, cookie: null }, now, rules)
  }
  const old = knownBy(model, step.previous)
  const without = old === undefined ? model : replace(model, closing(old, "superseded"))
  const cookie = { secret: step.got, replaced: null, lastSeenAt: now }
  const expiresAt = now + Math.min(rules.unused, rules.max)
  return opening(without, { ...bare, expiresAt, tokens: [], cookie }, now, rules)
}

const afterRefresh = (
  model: Model,
  { token, got }: { token: string; got: string },
  now: number,
  rules: Rules
): States => {
  const session = model.sessions.find(({ tokens }) => tokens.some(({ value }) => value === token))
  const presented = session?.tokens.find(({ value }) => value === token)
  if (session === undefined || presented === undefined) return []
  if (presented.expiresAt + rules.leeway <= now) return got === "TokenExpired" ? [model] : []
  if (model.user === "deleted") return got === "TokenInvalid" ? [model] : []
  if (!isLive(session, now)) return got === "TokenRevoked" ? [model] : []
  const live = session.tokens.at(-1)
  if (live === presented) {
    // A token has parts; what has none is the name of a refusal.
    if (!got.includes(".") || session.tokens.some(({ value }) => value === got)) return []
    const consumed = { ...presented, consumedAt: now }
    const tokens = [...session.tokens.slice(0, -1), consumed, fresh(got, now, rules)]
    return [replace(model, { ...session, tokens, expiresAt: now + rules.ttl })]
  }
  if (now <= (presented.consumedAt ?? now) + rules.grace) return got === live?.value ? [model] : []
  return got === "RefreshReused" ? [replace(model, closing(session, "refresh-reused"))] : []
}

const MINUTE = 60_000

const afterUse = (
  model: Model,
  { cookie, got }: { cookie: string; got: string },
  now: number,
  rules: Rules
): States => {
  const session = knownBy(model, cookie)
  // Who was found a moment before the account went is told so, and who came after it is nobody.
  if (model.user === "deleted") return got === "TokenInvalid" || got === "TokenRevoked" ? [model] : []
  if (session?.cookie === undefined || session.cookie === null) return got === "TokenInvalid" ? [model] : []
  if (session.closed !== null && session.closed !== "expired") return got === "TokenRevoked" ? [model] : []
  if (!isLive(session, now)) return got === "TokenExpired" ? [model] : []
  if (got !== "recognized") return []
  if (now < session.cookie.lastSeenAt + Math.min(MINUTE, rules.unused / 60)) return [model]
  const expiresAt = Math.min(now + rules.unused, session.createdAt + rules.max)
  return [replace(model, { ...session, expiresAt, cookie: { ...session.cookie, lastSeenAt: now } })]
}

const REFUSALS: ReadonlySet<string> = new Set(["TokenInvalid", "TokenExpired", "TokenRevoked", "WrongPassword"])

const afterChange = (
  model: Model,
  step: Extract<Step, { did: "change the password" }>,
  now: number,
  rules: Rules
): States => {
  // To change something with a cookie is to use it.
  const seen = afterUse(model, { cookie: step.cookie, got: "recognized" }, now, rules)[0]
  const session = seen === undefined ? undefined : knownBy(seen, step.cookie)
  const may = session?.cookie !== undefined && session.cookie !== null && model.password === step.password
  // A refusal leaves everything as it was; the use that came before it may have counted.
  if (REFUSALS.has(step.got)) return may ? [] : seen === undefined ? [model] : [model, seen]
  if (!may || seen === undefined) return []
  const cookie = { ...session.cookie, secret: step.got, replaced: { secret: step.cookie, at: now } }
  const others = closingAll(replace(seen, { ...session, cookie }), "password-changed", now, session.id)
  return [{ ...others, password: step.next }]
}

/** Which session a cookie belongs to is looked up before that is closed: it may get another secret in between. */
const afterSignOutWithCookie = (model: Model, cookie: string, now: number): States => {
  const session = knownBy(model, cookie)
  if (session !== undefined) return [replace(model, closing(session, "signed-out"))]
  const renewed = model.sessions.find(
    (each) => each.cookie?.replaced?.secret === cookie && each.cookie.replaced.at === now
  )
  return renewed === undefined ? [model] : [model, replace(model, closing(renewed, "signed-out"))]
}

const afterRule = (
  model: Model,
  { did, got }: { did: "disable" | "enable" | "delete"; got: string },
  now: number
): States => {
  if (model.user === "deleted") return got === "NotFound" ? [model] : []
  if (got !== "done") return []
  if (did === "enable") return [{ ...model, user: "enabled" }]
  if (did === "delete") return [{ ...closingAll(model, "user-deleted", now), user: "deleted" }]
  return model.user === "disabled" ? [model] : [{ ...closingAll(model, "user-disabled", now), user: "disabled" }]
}

/** Every state that the step may have led to; none when the rules do not explain it. */
const after = (model: Model, step: Step, now: number, rules: Rules): States => {
  switch (step.did) {
    case "sign in":
    case "sign in with a cookie":
      return afterSignIn(model, step, now, rules)
    case "refresh":
      return afterRefresh(model, step, now, rules)
    case "use the cookie":
      return afterUse(model, step, now, rules)
    case "change the password":
      return afterChange(model, step, now, rules)
    case "sign out": {
      const session = model.sessions.find(({ tokens }) => tokens.some(({ value }) => value === step.token))
      return session === undefined ? [] : [replace(model, closing(session, "signed-out"))]
    }
    case "sign out with the cookie":
      return afterSignOutWithCookie(model, step.cookie, now)
    case "sign out everywhere":
      return [closingAll(model, "signed-out", now)]
    case "disable":
    case "enable":
    case "delete":
      return afterRule(model, step, now)
  }
}

/** Each state once: most orders of the same steps come to the same. */
const distinct = (models: States): States => [
  ...new Map(models.map((model) => [JSON.stringify(model), model])).values()
]

/** Every state that steps taken at once may have led to, one after the other in whatever order. */
export const explanations = (models: States, steps: ReadonlyArray<Step>, now: number, rules: Rules): States =>
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
