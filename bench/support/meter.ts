import { connect, createServer, type Socket } from "node:net"
import { Effect } from "effect"
import { portOf } from "../../test/support/registry/port.ts"

export interface Meter {
  readonly host: string
  /** Bytes that the one behind it has sent since it was last asked. */
  readonly bytes: () => number
  /** When the first byte of the answer to the last request for this path came by, as `performance.now` tells it. */
  readonly answeredAt: (path: string) => number
}

/** Stands before a registry and counts what it sends, headers and all. */
export const meter = Effect.fnUntraced(function* (behind: string) {
  const [hostname = "", port] = behind.split(":")
  const counted = new Set<Socket>()
  const answered = new Map<string, number>()
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
        let asked = ""
        socket.on("data", (request: Buffer) => {
          asked = /^GET (\S+)/u.exec(request.toString("latin1"))?.[1] ?? ""
        })
        upstream.on("data", () => {
          if (asked !== "") answered.set(asked, performance.now())
          asked = ""
        })
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
    },
    answeredAt: (path) => answered.get(path) ?? Number.NaN
  }
  return counting
})
