import { availableParallelism } from "node:os"
import { hash } from "@node-rs/argon2"

/** How many hashes a second the machine is capable of, with nothing else to do. */
const { seconds, memoryCost, timeCost }: { seconds: number; memoryCost: number; timeCost: number } = JSON.parse(
  process.argv[2] ?? ""
)
const begun = performance.now()
let hashes = 0
const worker = async () => {
  while (performance.now() - begun < seconds * 1000) {
    await hash("a lighthouse at noon", { memoryCost, timeCost, parallelism: 1 })
    hashes++
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker))
process.stdout.write(JSON.stringify({ rate: (hashes * 1000) / (performance.now() - begun) }))
