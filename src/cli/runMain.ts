import { Runtime } from "effect"

/** The signals that end a command in order, and the status that a shell gives for each. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const
type Told = keyof typeof STATUS

/**
 * Runs the program of the process. A signal interrupts it: what it has open is closed and what it has begun is taken back
 * before the process ends, quietly. Being told to end is how a service ends when all is well.
 */
export const runMain = (isService: boolean) =>
  Runtime.makeRunMain(({ fiber, teardown }) => {
    let told: Told | undefined
    const interrupt = (signal: NodeJS.Signals) => {
      if (signal === "SIGINT" || signal === "SIGTERM") told ??= signal
      fiber.interruptUnsafe(fiber.id)
    }
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt)
    fiber.addObserver((exit) => {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt)
      teardown(exit, (status) => {
        const wasInterrupted = status === STATUS.SIGINT
        const ended = wasInterrupted && isService ? 0 : wasInterrupted && told !== undefined ? STATUS[told] : status
        if (told !== undefined || ended !== 0) process.exit(ended)
      })
    })
  })
