import { createServer, type Server } from "node:net"
import { Effect } from "effect"

/** Lets a server listen on a free port of the loopback interface and says which. */
export const portOf = (server: Server): Effect.Effect<number> =>
  Effect.callback((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** For a program that cannot choose one by itself. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  const port = await Effect.runPromise(portOf(server))
  server.close()
  return port
}
