import { problemOf, Unreachable } from "./Problem.ts"

type Value = string | number | boolean | undefined

/** A request to the service, before it is known who sends it. */
export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Its segments are encoded already. */
  readonly path: string
  readonly query?: Readonly<Record<string, Value>>
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** Whether a request takes the browser's cookies along. */
export type Cookies = "same-origin" | "include" | "omit"

/** What `fetch` is asked for here, and no more. */
export type Fetch = (
  url: string,
  init: RequestInit & { readonly headers: Readonly<Record<string, string>> }
) => Promise<Response>

/** Sends a call; an answer that is an error, and none at all, are thrown. */
export type Send = (call: Call, authorization: Readonly<Record<string, string>>, cookies: Cookies) => Promise<Response>

/** Sends a call in somebody's name. */
export type Signed = (call: Call) => Promise<Response>

const queryOf = (query: Readonly<Record<string, Value>>): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  return parameters.size === 0 ? "" : `?${parameters.toString()}`
}

/** The address of a call. */
export const urlOf = (base: string, { path, query = {} }: Call): string => `${base}${path}${queryOf(query)}`

const wasAborted = (error: unknown): boolean => error instanceof Error && error.name === "AbortError"

/** An abort is the caller's own doing and stays what it is. */
export const asUnreachable = (error: unknown): unknown =>
  wasAborted(error) ? error : new Unreachable("The service cannot be reached", { cause: error })

export const sender =
  (base: string, fetch: Fetch): Send =>
  async (call, authorization, cookies) => {
    const response = await fetch(urlOf(base, call), {
      method: call.method ?? "GET",
      headers: {
        ...(call.body !== undefined && { "content-type": "application/json" }),
        ...call.headers,
        ...authorization
      },
      credentials: cookies,
      // What an answer says holds for now: nothing of an account is to be found in a browser's cache.
      cache: "no-store",
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(call.signal !== undefined && { signal: call.signal })
    }).catch((error: unknown) => {
      throw asUnreachable(error)
    })
    if (!response.ok) throw await problemOf(response)
    return response
  }

/** The document of an answer. The types are the declaration's own, and the service encodes by it. */
export const documentOf = async <A>(response: Promise<Response>): Promise<A> => {
  const answer = await response
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the service encodes by the declaration the type is of
    return (await answer.json()) as A
  } catch (error) {
    throw asUnreachable(error)
  }
}

/** The end of a call whose answer has no document. */
export const done = async (response: Promise<Response>): Promise<void> => {
  await response
}
