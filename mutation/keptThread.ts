import {
  type PoolOptions,
  type PoolRunnerInitializer,
  type PoolWorker,
  ThreadsPoolWorker,
  type WorkerRequest,
  type WorkerResponse
} from "vitest/node"

type Listener = (message: unknown) => void
type Start = Extract<WorkerRequest, { readonly type: "start" }>

let thread: ThreadsPoolWorker | undefined

/**
 * A test file's turn on the one thread of all of them. Vitest ends a thread with every run, and for each mutant Effect would
 * be loaded again, which takes longer than the tests do. What is in no package vitest evaluates anew for each file all the same
 * (`isolate`): no module knows a mutant of an earlier turn.
 */
class Turn implements PoolWorker {
  readonly name = "kept"
  readonly #thread: ThreadsPoolWorker
  readonly #isFirst: boolean
  readonly #listeners: Array<readonly [event: string, listener: Listener]> = []
  #config: Start["context"]["config"] | undefined

  constructor(options: PoolOptions) {
    this.#isFirst = thread === undefined
    thread ??= new ThreadsPoolWorker(options)
    this.#thread = thread
  }

  async start(): Promise<void> {
    if (this.#isFirst) await this.#thread.start()
  }

  async stop(): Promise<void> {
    for (const [event, listener] of this.#listeners) this.#thread.off(event, listener)
  }

  on(event: string, listener: Listener): void {
    this.#listeners.push([event, listener])
    this.#thread.on(event, listener)
  }

  off(event: string, listener: Listener): void {
    this.#thread.off(event, listener)
  }

  deserialize(data: unknown): unknown {
    return data
  }

  /** The thread starts once and stops never, so that it does not hear of either again; a run's configuration is the run's own. */
  send(message: WorkerRequest): void {
    if (message.type === "start") this.#config = message.context.config
    if (message.type === "stop") this.#answer({ __vitest_worker_response__: true, type: "stopped" })
    else if (message.type === "start" && !this.#isFirst) {
      this.#answer({ __vitest_worker_response__: true, type: "started" })
    } else if (message.type === "run") {
      const context = { ...message.context, config: this.#config }
      this.#thread.send({ ...message, context })
    } else this.#thread.send(message)
  }

  #answer(response: WorkerResponse): void {
    setImmediate(() => {
      for (const [event, listener] of this.#listeners) if (event === "message") listener(response)
    })
  }
}

export const keptThread: PoolRunnerInitializer = { name: "kept", createPoolWorker: (options) => new Turn(options) }
