import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const start = (program: string, args: object): ChildProcess & { readonly pid: number } => {
  const file = fileURLToPath(new URL(`../process/${program}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(args)], { stdio: ["ignore", "pipe", "inherit"] })
  if (child.pid === undefined) throw new Error(`${program} could not be started`)
  return Object.assign(child, { pid: child.pid })
}

const output = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ""
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.once("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`a process ended with ${code}`))))
  })

/** Runs one of the programs in `process/` to its end; what it prints is JSON. */
export const runProgram = async <A>(program: string, args: object): Promise<A> =>
  JSON.parse(await output(start(program, args)))

/** Starts one that serves, and waits for the address it prints. */
export const serveProgram = (program: string, args: object = {}) =>
  new Promise<{ readonly url: string; readonly pid: number } & Disposable>((resolve, reject) => {
    const child = start(program, args)
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)))
    child.stdout?.once("data", (url: Buffer) =>
      resolve({ url: url.toString().trim(), pid: child.pid, [Symbol.dispose]: () => child.kill() })
    )
  })

/** The wall time of a shell's pipeline, in milliseconds; a pipeline that fails is no measurement. */
export const timed = (pipeline: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn("bash", ["-c", pipeline], { stdio: ["ignore", "ignore", "inherit"] })
    child.once("close", (code) =>
      code === 0 ? resolve(performance.now() - begun) : reject(new Error(`${pipeline}: ended with ${code}`))
    )
  })
