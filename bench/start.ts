import { setTimeout as pause } from "node:timers/promises"
import { startService } from "../test/support/service.ts"
import { disposableFolder } from "../test/support/temporaryFolder.ts"
import { type Figure, median, megabytes, millis } from "./support/figures.ts"
import { residentBytes } from "./support/memory.ts"

/** From the command to the first answer, an empty database to set up included; then what it takes when nobody asks. */
export const benchStart = async (times: number): Promise<ReadonlyArray<Figure>> => {
  const starts: Array<number> = []
  const idle: Array<number> = []
  for (let time = 0; time < times; time++) {
    using folder = disposableFolder()
    const begun = performance.now()
    const service = await startService({ KEYHOLE_DATA_DIR: folder.path })
    await fetch(`${service.url}/livez`)
    starts.push(performance.now() - begun)
    await pause(2000)
    idle.push(residentBytes(service.pid))
    await service.end("SIGTERM")
  }
  return [
    {
      what: "start to first answer, with migrations",
      value: millis(median(starts)),
      aim: "≤ 600 ms",
      beside: `the quickest ${millis(Math.min(...starts))}`
    },
    { what: "memory idle", value: megabytes(median(idle)), aim: "≤ 110 MB", beside: "" }
  ]
}
