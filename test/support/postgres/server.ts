import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { freePort } from "../registry/port.ts"
import { account, installation } from "./installation.ts"

// The order of texts that a database has by default must not matter to anybody, so it is not that of bytes.
const INITDB = "--username=postgres --auth=trust --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US"
const SETTINGS =
  "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB -c fsync=off"

/** The server ends when it is told to, and when whoever started it is gone; then it leaves nothing behind. */
const SUPERVISE = `
  [ -d data ] || native/bin/initdb --pgdata=data ${INITDB} --no-sync > initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
  native/bin/postgres -D data -p "$1" ${SETTINGS} &
  word=$(cat)
  kill -INT $!
  wait $!
  [ "$word" = stop ] || rm -rf "$PWD"`

/** A running PostgreSQL server with nobody else on it. */
export interface PostgresServer {
  readonly urlOf: (database: string) => string
  /** Sends a signal to the server and all its processes. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends the connections and the server. */
  readonly stop: () => Promise<void>
  /** Starts it again, on the same port with the same databases. */
  readonly start: () => Promise<void>
  readonly remove: () => Promise<void>
}

const send = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal)
  } catch {
    // A connection's process that ended meanwhile.
  }
}

const run = async (folder: string, port: number) => {
  const child = spawn("sh", ["-c", SUPERVISE, "sh", String(port)], {
    cwd: folder,
    stdio: ["pipe", "ignore", "pipe"],
    ...account
  })
  const ended = once(child, "exit")
  const output: Array<string> = []
  const lines = createInterface(child.stderr)
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      output.push(line)
      if (line.includes("ready to accept connections")) resolve()
    })
    void ended.then(() => reject(new Error(`PostgreSQL did not start:\n${output.join("\n")}`)))
  })
  return async () => {
    child.stdin.end("stop")
    await ended
  }
}

export const startPostgres = async (): Promise<PostgresServer> => {
  const { folder, remove } = installation()
  const port = await freePort()
  let stop = await run(folder, port)
  return {
    urlOf: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    signal: (signal) => {
      const [pid = ""] = readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n")
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")
      for (const each of [pid, ...children.filter((child) => child !== "")]) send(Number(each), signal)
    },
    stop: () => stop(),
    start: async () => {
      stop = await run(folder, port)
    },
    remove: async () => {
      await stop()
      remove()
    }
  }
}
