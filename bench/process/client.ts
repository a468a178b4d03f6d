import { connect } from "node:net"
import { asking } from "../support/asking.ts"
import { percentile } from "../support/figures.ts"
import type { Answered, Load } from "../support/load.ts"

// Over bare sockets: `node:http` as a client takes longer over a request than the server that is to be measured.
const options: Load = JSON.parse(process.argv[2] ?? "")
const { seconds, connections, rate } = options
const { hostname, port } = new URL(options.url)
const askingOf = asking(options)

const latencies: Array<number> = []
let refused = 0
const begun = performance.now()
const isOver = () => performance.now() - begun >= seconds * 1000

/** One connection, one request at a time. */
const open = (number: number, onIdle: (send: (since: number) => void) => void) => {
  const socket = connect(Number(port), hostname)
  const ask = askingOf(number)
  let text = ""
  let answer = ""
  let since = 0
  const send = (at: number) => {
    since = at
    socket.write(ask(answer))
  }
  socket.on("connect", () => onIdle(send))
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1")
    const end = text.indexOf("\r\n\r\n")
    const length = end < 0 ? undefined : /\r\ncontent-length: (\d+)/iu.exec(text)?.[1]
    if (length === undefined || text.length < end + 4 + Number(length)) return
    latencies.push(performance.now() - since)
    if (!text.startsWith("HTTP/1.1 2")) refused++
    answer = text.slice(end + 4)
    text = ""
    onIdle(send)
  })
  socket.on("error", () => {
    refused++
  })
  return socket
}

const finish = (sockets: ReadonlyArray<{ destroy: () => unknown }>) => {
  const elapsed = (performance.now() - begun) / 1000
  for (const socket of sockets) socket.destroy()
  const answered: Answered = {
    rate: latencies.length / elapsed,
    answers: latencies.length,
    refused,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99)
  }
  process.stdout.write(JSON.stringify(answered))
}

if (rate === undefined) {
  const sockets = Array.from({ length: connections }, (_, number) =>
    open(number, (send) => {
      if (!isOver()) send(performance.now())
    })
  )
  setTimeout(() => finish(sockets), seconds * 1000)
} else {
  // A request's time runs from when it was due: waiting for a free connection is waiting for the service.
  const idle: Array<(since: number) => void> = []
  const due: Array<number> = []
  let planned = 0
  const dispatch = () => {
    for (let at = due[0], send = idle[0]; at !== undefined && send !== undefined; at = due[0], send = idle[0]) {
      due.shift()
      idle.shift()
      send(at)
    }
  }
  const sockets = Array.from({ length: connections }, (_, number) =>
    open(number, (send) => {
      idle.push(send)
      dispatch()
    })
  )
  const timer = setInterval(() => {
    for (const elapsed = performance.now() - begun; planned * (1000 / rate) <= elapsed; planned++) {
      due.push(begun + planned * (1000 / rate))
    }
    dispatch()
    if (!isOver()) return
    clearInterval(timer)
    for (const since of due) latencies.push(performance.now() - since)
    finish(sockets)
  }, 1)
}
