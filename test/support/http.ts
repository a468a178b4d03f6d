import { Context, Effect, Layer, ManagedRuntime } from "effect"
import { RoleName } from "../../src/domain/access/Role.ts"
import { Health } from "../../src/domain/Health.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { grantRole } from "../../src/domain/identity/grantRole.ts"
import type { Draining } from "../../src/http/Draining.ts"
import type { Route } from "../../src/http/route.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import * as Server from "../../src/http/Server.ts"
import { ServerSettings } from "../../src/http/ServerSettings.ts"
import * as Identifiers from "../../src/infra/identity/Identifiers.ts"
import * as prometheus from "../../src/infra/observability/prometheus.ts"
import { fromPkcs8, generate } from "../../src/infra/key/SigningKey.ts"
import { SigningKeys } from "../../src/infra/key/SigningKeys.ts"
import * as TokenSigner from "../../src/infra/token/TokenSigner.ts"
import { registries } from "./registry/session.ts"
import { rest } from "./rest.ts"
import { somebody, useCases } from "./useCases.ts"
import { credentialStore } from "./vault.ts"
import { decoder } from "./decoder.ts"
import { PASSWORD } from "./ada.ts"

/** A signing key that lives as long as the test. */
const signingKeys = Layer.effect(
  SigningKeys,
  Effect.gen(function* () {
    const key = yield* fromPkcs8(yield* generate, { _tag: "Current" })
    return { known: Effect.succeed({ ring: [key] }) }
  })
)

const allUp = Layer.succeed(
  Health,
  Health.of({ checks: Effect.succeed([{ name: "database", state: "up", required: true }]) })
)

/** All that the routes need: real stores, signatures and registry client, and a hash that takes no time. */
const services = Layer.mergeAll(
  useCases,
  Layer.provide(TokenSigner.layer, signingKeys),
  Layer.provide(credentialStore, useCases),
  Identifiers.layer,
  // Fresh: a layer is built once a run, and another client may take its place.
  Layer.fresh(registries({})),
  decoder,
  allUp,
  Layer.provide(prometheus.layer, allUp)
)

type Services = Layer.Success<typeof services>

type Settings = Partial<ServerSettings["Service"]>

const serve = (routes: ReadonlyArray<Route<Services | Draining>>, settings: Settings) =>
  Layer.provide(
    Server.layer(routes),
    Layer.succeed(ServerSettings, {
      host: "127.0.0.1",
      port: 0,
      trustedProxies: [],
      allowedOrigins: new Set<string>(),
      ...settings
    })
  )

/** The HTTP wall on a port of its own. `replaced` takes the place of single services, `routes` of the product's. */
export const startHttp = async <R = never>(
  replaced?: Layer.Layer<R>,
  routes: ReadonlyArray<Route<Services | Draining>> = allRoutes,
  settings: Settings = {}
) => {
  const runtime = ManagedRuntime.make(
    serve(routes, settings).pipe(Layer.provideMerge(replaced ?? Layer.empty), Layer.provideMerge(services), Layer.orDie)
  )
  const { url } = Context.get(await runtime.context(), Server.Server)
  return { url, ...rest(url), run: runtime.runPromise, stop: () => runtime.dispose() }
}

type Started = Awaited<ReturnType<typeof startHttp<never>>>

export interface Http extends Omit<Started, "run"> {
  readonly run: <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>
}

let accounts = 0

/** Somebody new, signed in. */
export const newcomer = async ({ post }: Http) => {
  const email = `somebody${accounts++}@example.com`
  const { body } = await post("/auth/register", { email, password: PASSWORD })
  return {
    id: UserId.make(String(body.user.id)),
    email,
    access: String(body.access_token),
    refresh: String(body.refresh_token),
    session: String(body.session_id)
  }
}

/** Somebody new who has a role besides `viewer`, if there is one of that name. */
export const newcomerWith = async (http: Http, role: string) => {
  const person = await newcomer(http)
  await http.run(grantRole(Email.make(person.email), RoleName.make(role), somebody))
  return person
}

/** Somebody new with the role `operator`; their access token. */
export const operator = async (http: Http) => (await newcomerWith(http, "operator")).access
