import { Result } from "effect"

/** Text that is not a server's address; `input` has no secret in it. */
interface NoServer {
  readonly input: string
  readonly reason: string
}

/** Reads the address of a server of this service: its one form, without a slash at the end. */
export const parseServerUrl = (text: string): Result.Result<string, NoServer> => {
  const refuse = (reason: string, input = text) => Result.fail({ input, reason })
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//iu.test(text))
    return refuse("a server is written https://host or http://host:port")
  if (url.username !== "" || url.password !== "") {
    return refuse("a server's address has no user in it: keyhole login asks for that", `${url.protocol}//…@${url.host}`)
  }
  if (url.search !== "" || url.hash !== "") return refuse("a server's address has no ? and no #")
  return Result.succeed(url.origin + url.pathname.replace(/\/+$/u, ""))
}

/** Whether what is sent there can be read on the way. */
export const isInTheClear = (server: string): boolean => {
  const { protocol, hostname } = new URL(server)
  return protocol === "http:" && !/^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/u.test(hostname)
}
