import type { Load } from "./load.ts"

/** What a connection asks next: the request, knowing the body of the answer before, which is empty at first. */
export type Asking = (answer: string) => string

/** Of every connection, by its number, what it asks. */
export const asking = ({ url, bearer, bodies, refreshTokens }: Load): ((connection: number) => Asking) => {
  const { pathname, host } = new URL(url)
  const request = (body: object | undefined): string => {
    const content = body === undefined ? "" : JSON.stringify(body)
    const lines = [
      `${body === undefined ? "GET" : "POST"} ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      ...(bearer === undefined ? [] : [`Authorization: Bearer ${bearer}`]),
      ...(body === undefined ? [] : ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(content)}`])
    ]
    return `${lines.join("\r\n")}\r\n\r\n${content}`
  }
  if (refreshTokens !== undefined) {
    return (connection) => (answer) =>
      request({ refresh_token: answer === "" ? refreshTokens[connection] : JSON.parse(answer).refresh_token })
  }
  // Made once: what is asked always is not to be put into words each time.
  const requests = (bodies ?? [undefined]).map(request)
  let asked = 0
  return () => () => requests[asked++ % requests.length] ?? ""
}
