import { availableParallelism } from "node:os"
import { type MessagePort, Worker } from "node:worker_threads"
import type { Coding } from "./compression.ts"
import type { Job } from "./messages.ts"

/** The cores but the one that everything else runs on. */
const MOST = Math.max(1, availableParallelism() - 1)

interface Thread {
  readonly worker: Worker
  readonly jobs: Set<(cause: unknown) => void>
}

/** The threads that decompress. Each is begun when it is first needed, and stays; a job is the least busy one's. */
export class InflateThreads {
  readonly #threads = new Set<Thread>()

  #begin(): Thread {
    const worker = new Worker(new URL("./inflateThread.ts", import.meta.url))
    const thread: Thread = { worker, jobs: new Set() }
    const fail = (cause: unknown) => {
      this.#threads.delete(thread)
      for (const failed of thread.jobs) failed(cause)
    }
    worker.on("error", fail)
    worker.on("exit", (status) => fail(new Error(`a thread that decompresses ended with ${status}`)))
    // It has nothing to do of its own: only whoever waits for it keeps the process.
    worker.unref()
    this.#threads.add(thread)
    return thread
  }

  /** Gives a thread the job at the other end of this port, and tells when that thread fails; what is returned ends the telling. */
  run(coding: Coding, port: MessagePort, failed: (cause: unknown) => void): () => void {
    const [idlest] = [...this.#threads].toSorted((one, other) => one.jobs.size - other.jobs.size)
    const isEnough = idlest !== undefined && (idlest.jobs.size === 0 || this.#threads.size >= MOST)
    const thread = isEnough ? idlest : this.#begin()
    const job: Job = { coding, port }
    thread.worker.postMessage(job, [port])
    thread.jobs.add(failed)
    return () => thread.jobs.delete(failed)
  }

  async end(): Promise<void> {
    const threads = [...this.#threads]
    this.#threads.clear()
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }
}
