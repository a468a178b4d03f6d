import { type } from "node:os"
import { Effect } from "effect"
import { connect, Problem, type Store, Unreachable } from "../../client/client.ts"
import { printable } from "../../domain/image/lsLine.ts"
import { Failed } from "../Failed.ts"
import { configFolder } from "./configFolder.ts"
import { FileUnusable } from "./FileUnusable.ts"
import { tokenFile } from "./tokenFile.ts"

/** How the session is called in the list of somebody's sessions. */
const AGENT = `keyhole-cli/1 (${type()})`

const toLogIn = (server: string): string => `Try: keyhole login ${server}`

/** Why a connection failed, as far as the system said. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ""
  return "code" in error && typeof error.code === "string" ? ` (${error.code})` : reasonOf(error.cause)
}

const sentence = (server: string, error: unknown): string => {
  if (error instanceof FileUnusable) return error.message
  if (error instanceof Unreachable) return `${server}: ${error.message}${reasonOf(error.cause)}.`
  if (!(error instanceof Problem)) throw error
  const over = error.code.startsWith("token-") || error.code === "refresh-reused"
  return over ? `The session at ${server} is over. ${toLogIn(server)}` : printable(error.message)
}

/** What the client throws, in a sentence; what it does not throw is a mistake of ours. */
export const failure =
  (server: string) =>
  (error: unknown): Failed =>
    new Failed({ message: sentence(server, error) })

/** Asks something of a server, until nobody waits for the answer any more. */
export const asking = <A>(server: string, ask: (signal: AbortSignal) => Promise<A>) =>
  Effect.tryPromise({ try: ask, catch: failure(server) })

export const storeFor = (server: string) => tokenFile(configFolder(), server)

export const clientOf = (server: string, store: Store) =>
  connect({
    url: server,
    mode: "token",
    store,
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, "user-agent": AGENT } })
  })

/** A client of the server in the name of whoever has logged in to it, for as long as the scope is open. */
export const signedIn = Effect.fnUntraced(function* (server: string) {
  const store = storeFor(server)
  yield* Effect.addFinalizer(() => Effect.promise(store.leave))
  const client = clientOf(server, store)
  const user = yield* asking(server, client.resume)
  if (user !== undefined) return client
  return yield* new Failed({ message: `Nobody is logged in to ${server}. ${toLogIn(server)}` })
})
