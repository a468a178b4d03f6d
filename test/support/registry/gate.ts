import { connect, createServer, type Socket } from "node:net"
import { Effect } from "effect"
import { portOf } from "./port.ts"

/** A way to a registry that lets so many bytes of each connection through, and then no more. */
interface Gate {
  /** As the registry is to be named by whoever goes through it. */
  readonly host: string
  /** How many connections were made. */
  readonly made: () => number
  /** Those that have not been closed by whoever made them. */
  readonly connections: ReadonlySet<Socket>
}

export const gate = (registry: string, bytes: number) =>
  Effect.gen(function* () {
    const [name, port] = registry.split(":")
    const connections = new Set<Socket>()
    let made = 0
    const server = yield* Effect.acquireRelease(
      Effect.sync(() => createServer()),
      (listening) =>
        Effect.sync(() => {
          listening.close()
          for (const socket of connections) socket.destroy()
        })
    )
    server.on("connection", (socket) => {
      made++
      connections.add(socket)
      const behind = connect(Number(port), name)
      let left = bytes
      behind.on("data", (chunk: Buffer) => {
        const part = chunk.subarray(0, left)
        left -= part.length
        socket.write(part)
        if (left === 0) behind.pause()
      })
      behind.on("error", () => socket.destroy()).on("end", () => socket.end())
      socket.on("data", (chunk: Buffer) => void behind.write(chunk))
      socket
        .on("error", () => undefined)
        .on("close", () => {
          connections.delete(socket)
          behind.destroy()
        })
    })
    return { host: `127.0.0.1:${yield* portOf(server)}`, made: () => made, connections } satisfies Gate
  })
