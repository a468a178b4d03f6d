import { connect, createServer, type Socket } from "node:net"
import { Effect } from "effect"
import { portOf } from "../../test/support/registry/port.ts"

export interface Meter {
  readonly host: string
  /** Bytes that the one behind it has sent since it was last asked. */
  readonly bytes: () => number
}

/** Stands before a registry and counts what it sends, headers and all. */
export const meter = Effect.fnUntraced(function* (behind: string) {
  const [hostname = "", port] = behind.split(":")
  const counted = new Set<Socket>()
  let before = 0
  const sent = () => [...counted].reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0)
  const server = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createServer((socket) => {
        const upstream = connect(Number(port), hostname)
        counted.add(socket)
        const end = () => {
          socket.destroy()
          upstream.destroy()
        }
        for (const each of [socket, upstream]) each.on("error", end).on("close", end)
        socket.pipe(upstream)
        upstream.pipe(socket)
      })
    ),
    (made) => Effect.sync(() => made.close())
  )
  const counting: Meter = {
    host: `127.0.0.1:${yield* portOf(server)}`,
    bytes: () => {
      const now = sent()
      const since = now - before
      before = now
      return since
    }
  }
  return counting
})
