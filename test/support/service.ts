import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const KEYHOLE = fileURLToPath(new URL("../../bin/keyhole", import.meta.url))

/** The running service, as an operator has it: its own process, its own data. */
export interface Service {
  readonly url: string
  readonly pid: number
  /** Everything it has written to standard output and standard error so far. */
  readonly output: () => string
  /** Sends a signal and waits for the end; the exit status, or the signal that ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>
}

/** Starts the service through its launcher and waits until it says where it listens. */
export const startService = (settings: Readonly<Record<string, string>>): Promise<Service> =>
  new Promise((resolve, reject) => {
    const child = spawn(KEYHOLE, ["serve"], {
      env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ...settings },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let output = ""
    const ended = new Promise<number | NodeJS.Signals>((done) => {
      child.on("exit", (code, signal) => done(signal ?? code ?? 0))
    })
    const collect = (chunk: Buffer) => {
      output += chunk.toString("utf8")
      const url = /listening[^\n]*(http:\/\/[\d.]+:\d+)/u.exec(output)?.[1]
      if (url === undefined || child.pid === undefined) return
      resolve({
        url,
        pid: child.pid,
        output: () => output,
        end: (signal) => {
          child.kill(signal)
          return ended
        }
      })
    }
    child.stdout.on("data", collect)
    child.stderr.on("data", collect)
    void ended.then((status) => reject(new Error(`the service ended with ${status} before it listened:\n${output}`)))
  })

/** The most memory the service has had so far. */
export const peakBytes = ({ pid }: Service): number => {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return Number(kibibytes) * 1024
}
