#!/usr/bin/env node
// Runs a command on the Node that Keyhole needs: the running one when it is new enough, else the pinned binary that
// `npm ci` brought along. Plain JavaScript, because the machine's own Node may be too old for anything else.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { constants } from "node:os"
import { delimiter, dirname } from "node:path"
import { fileURLToPath } from "node:url"

const NEEDED = 24

/** The folder of a Node that is new enough, or undefined. */
const nodeFolder = () => {
  if (Number(process.versions.node.split(".")[0]) >= NEEDED) return dirname(process.execPath)
  const pinned = fileURLToPath(
    new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url)
  )
  return existsSync(pinned) ? dirname(pinned) : undefined
}

const run = (command, args) => {
  const folder = nodeFolder()
  if (folder === undefined) {
    process.stderr.write(
      `Keyhole needs Node ${NEEDED} or newer. This is ${process.version}, and no pinned Node for ` +
        `${process.platform}-${process.arch} is installed: run \`npm ci\` with optional dependencies, or install Node ${NEEDED}.\n`
    )
    process.exit(1)
  }
  const bin = fileURLToPath(new URL("../node_modules/.bin", import.meta.url))
  const child = spawn(command, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: [folder, bin, process.env.PATH].join(delimiter) }
  })
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"]
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`)
    process.exit(1)
  })
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]))
}

export { run }

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const [command, ...args] = process.argv.slice(2)
  run(command, args)
}
