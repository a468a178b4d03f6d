import { Fleeting } from "../../../src/http/Fleeting.ts"

// What a young collection leaves of a hundred megabytes that came and went, in bytes. Run with --expose-gc.
const collect = globalThis.gc
if (collect === undefined) throw new Error("run it with --expose-gc")

const here = new Fleeting<{ readonly bytes: ReadonlyArray<number> }>()
const comeAndGo = (times: number) => {
  for (let time = 0; time < times; time++) {
    const one = { bytes: Array.from({ length: 128 }, (_, at) => at / 2) }
    here.add(one)
    here.delete(one)
  }
}
comeAndGo(1000)
collect()
const before = process.memoryUsage().heapUsed
comeAndGo(100_000)
collect({ type: "minor" })
process.stdout.write(String(process.memoryUsage().heapUsed - before))
