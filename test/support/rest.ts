/** What a consumer of the REST API sees of an answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // The tests look into bodies of every shape; a wrong look fails the test that looks.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

const call = async (url: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = /[/+]json/u.test(response.headers.get("content-type") ?? "")
  return { status: response.status, headers: response.headers, body: isJson && text !== "" ? JSON.parse(text) : text }
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

/** Speaks to one service as a REST consumer does. */
export const rest = (url: string) => ({
  get: (path: string, token?: string, headers: Record<string, string> = {}) =>
    call(`${url}${path}`, { headers: { ...bearer(token), ...headers } }),
  send: (method: string, path: string, headers: Readonly<Record<string, string>>, body?: object) =>
    call(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    }),
  /** The answer's bytes as they came. */
  download: async (path: string, token: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, { headers: { ...bearer(token), ...headers } })
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
  },
  delete: (path: string, token?: string) => call(`${url}${path}`, { method: "DELETE", headers: bearer(token) }),
  patch: (path: string, body: object, token?: string) =>
    call(`${url}${path}`, {
      method: "PATCH",
      headers: { ...bearer(token), "content-type": "application/json" },
      body: JSON.stringify(body)
    }),
  put: (path: string, body: object, token?: string) =>
    call(`${url}${path}`, {
      method: "PUT",
      headers: { ...bearer(token), "content-type": "application/json" },
      body: JSON.stringify(body)
    }),
  /** Posts a form: a record of parameters, or the body as it is. */
  form: (path: string, parameters: Readonly<Record<string, string>> | string, token?: string) =>
    call(`${url}${path}`, {
      method: "POST",
      headers: { ...bearer(token), "content-type": "application/x-www-form-urlencoded" },
      body: typeof parameters === "string" ? parameters : new URLSearchParams(parameters).toString()
    }),
  post: (path: string, body?: object, token?: string, headers: Record<string, string> = {}) =>
    call(`${url}${path}`, {
      method: "POST",
      headers: { ...bearer(token), ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
})

export type Rest = ReturnType<typeof rest>
