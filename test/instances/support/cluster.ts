import { startPostgres } from "../../support/postgres/server.ts"
import { startRedis } from "../../support/redis/server.ts"
import { type Rest, rest } from "../../support/rest.ts"
import { type Service, startService } from "../../support/service.ts"
import { disposableFolder } from "../../support/temporaryFolder.ts"

/** The cheapest hashing there is, and sessions enough: these tests are about neither. */
const SETTINGS = {
  KEYHOLE_SECRET: "a secret of thirty-two bytes or more",
  KEYHOLE_ISSUER: "https://keyhole.example",
  KEYHOLE_ARGON2_MEMORY: "64",
  KEYHOLE_ARGON2_TIME: "1",
  KEYHOLE_ARGON2_QUEUE: "1000",
  KEYHOLE_MAX_SESSIONS: "10000",
  KEYHOLE_RATE_LIMIT: "off"
}

/** One place in the cluster: the process in it may be replaced. */
export class Instance {
  readonly #settings: Readonly<Record<string, string>>
  #service: Service
  isStopped = false

  constructor(settings: Readonly<Record<string, string>>, service: Service) {
    this.#settings = settings
    this.#service = service
  }

  get rest(): Rest {
    return rest(this.#service.url)
  }

  get output(): string {
    return this.#service.output()
  }

  stop(): void {
    this.isStopped = true
    process.kill(this.#service.pid, "SIGSTOP")
  }

  go(): void {
    process.kill(this.#service.pid, "SIGCONT")
    this.isStopped = false
  }

  /** Kills the process with SIGKILL and starts another. */
  async replace(): Promise<void> {
    await this.#service.end("SIGKILL")
    this.#service = await startService(this.#settings)
  }

  async end(): Promise<void> {
    if (this.isStopped) this.go()
    await this.#service.end("SIGTERM")
  }
}

/** Instances of the service over a PostgreSQL and a Redis server of their own. */
export const startCluster = async (size: number) => {
  const [postgres, redis] = [await startPostgres(), await startRedis()]
  const folder = disposableFolder()
  const settings = {
    ...SETTINGS,
    KEYHOLE_DATA_DIR: folder.path,
    DATABASE_URL: postgres.urlOf("postgres"),
    REDIS_URL: redis.url
  }
  const instances = await Promise.all(
    Array.from({ length: size }, async () => new Instance(settings, await startService(settings)))
  )
  return {
    postgres,
    redis,
    instances,
    stop: async () => {
      await Promise.all(instances.map((each) => each.end()))
      await redis.kill()
      await postgres.remove()
      folder[Symbol.dispose]()
    }
  }
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>
