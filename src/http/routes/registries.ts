import { Effect, Result } from "effect"
import { listAccounts } from "../../domain/registry/listAccounts.ts"
import { parseHost } from "../../domain/registry/RegistryHost.ts"
import { removeCredential as forget } from "../../domain/registry/removeCredential.ts"
import { setCredential as keep } from "../../domain/registry/setCredential.ts"
import * as api from "../api/registries.ts"
import { unacceptable } from "../refuse.ts"
import { route } from "../route.ts"

/** A host is named to be made known, not to be found: what is wrong with it should be said. */
const hostOf = ({ host }: { readonly host: string }) =>
  Effect.fromResult(Result.mapError(parseHost(host), (detail) => unacceptable([{ pointer: "/host", detail }])))

export const listRegistries = route(api.listRegistries, ({ caller }) =>
  Effect.map(listAccounts(caller), (registries) => ({ registries }))
)

export const setCredential = route(api.setCredential, ({ caller, params, payload, client }) =>
  Effect.flatMap(hostOf(params), (host) => keep(caller, host, payload, client))
)

export const removeCredential = route(api.removeCredential, ({ caller, params, client }) =>
  Effect.flatMap(hostOf(params), (host) => forget(caller, host, client))
)
