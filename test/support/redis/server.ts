import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { freePort } from "../registry/port.ts"

const isThere = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0

const install = () => {
  for (const step of [["update"], ["install", "--yes", "--no-install-recommends", "redis-server"]]) {
    spawnSync("apt-get", step, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
  }
}

/** The program of the server; installed where that is possible. */
const serverProgram = (): string => {
  const found = () => ["redis-server", "valkey-server"].find(isThere)
  const there = found()
  if (there !== undefined) return there
  if (process.getuid?.() === 0) install()
  const installed = found()
  if (installed !== undefined) return installed
  throw new Error("These tests need a Redis server: install redis-server or valkey-server, and have it on PATH.")
}

/** A running Redis server with nobody else on it and nothing on the disk. */
export interface RedisServer {
  readonly url: string
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends it violently. */
  readonly kill: () => Promise<void>
  /** Starts it again, empty, on the same port. */
  readonly start: () => Promise<void>
}

const run = async (port: number) => {
  const child = spawn(
    serverProgram(),
    ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdio: ["ignore", "pipe", "inherit"]
    }
  )
  const ended = once(child, "exit")
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.includes("eady to accept connections")) resolve()
    })
    void ended.then(() => reject(new Error("the Redis server did not start")))
  })
  return { child, ended }
}

export const startRedis = async (): Promise<RedisServer> => {
  const port = await freePort()
  let running = await run(port)
  // Whoever started it may end without a word.
  process.once("exit", () => running.child.kill("SIGKILL"))
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => void running.child.kill(signal),
    kill: async () => {
      running.child.kill("SIGKILL")
      await running.ended
    },
    start: async () => {
      running = await run(port)
    }
  }
}
