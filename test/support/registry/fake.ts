import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { Effect } from "effect"
import type { Blob, Image } from "./layout.ts"
import { portOf } from "./port.ts"

/** A request as it came in; `order` counts over all of them. */
export interface Recorded {
  readonly order: number
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Respond = (request: Recorded, response: ServerResponse) => void

/** Something the registry does in place of what it should, as often as it is told to. */
interface Misbehaviour {
  readonly matches: (request: Recorded) => boolean
  readonly respond: Respond
  times: number
}

export interface FakeRegistryOptions {
  /** How requests are to be authorized; "bearer" has its token server at `/token` unless `realm` names another. */
  readonly auth?: "none" | "bearer" | "basic"
  readonly realm?: string
  readonly scope?: (repository: string) => string
}

const REPOSITORY = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/u

/** A registry in memory that records every request and misbehaves on demand. */
export class FakeRegistry {
  readonly host: string
  readonly requests: Array<Recorded> = []
  /** The scopes each token was granted. */
  readonly tokens = new Map<string, ReadonlyArray<string>>()
  readonly connections = new Set<Socket>()
  /** Called when one more is made. */
  onConnection: () => void = () => {}
  readonly #blobs = new Map<string, Blob>()
  readonly #misbehaviours: Array<Misbehaviour> = []
  readonly #options: FakeRegistryOptions

  constructor(host: string, options: FakeRegistryOptions) {
    this.host = host
    this.#options = options
  }

  put(repository: string, image: Image, tag = "latest"): void {
    this.#blobs.set(`${repository} manifests ${tag}`, image.manifest)
    this.#blobs.set(`${repository} manifests ${image.manifest.digest}`, image.manifest)
    for (const blob of [image.config, ...image.layers]) this.#blobs.set(`${repository} blobs ${blob.digest}`, blob)
  }

  /** The next `times` requests whose path has `part` in it are answered like this. */
  on(part: string, respond: Respond, times = Number.POSITIVE_INFINITY): void {
    this.#misbehaviours.push({ matches: ({ url }) => url.pathname.includes(part), respond, times })
  }

  /** The request after the next `others` is never answered; says when it has come. */
  stallAfter(others: number, reached: () => void): void {
    const order = this.requests.length + others
    this.#misbehaviours.push({ matches: (request) => request.order === order, respond: reached, times: 1 })
  }

  /** Every token granted so far is worth nothing from now on. */
  expireTokens(): void {
    for (const token of this.tokens.keys()) this.tokens.set(token, [])
  }

  to(part: string): ReadonlyArray<Recorded> {
    return this.requests.filter(({ url }) => url.pathname.includes(part))
  }

  handle(message: IncomingMessage, body: string, response: ServerResponse): void {
    const { method = "", headers } = message
    const url = new URL(message.url ?? "/", `http://${this.host}`)
    const request = { order: this.requests.length, method, url, headers, body }
    this.requests.push(request)
    const misbehaviour = this.#misbehaviours.find((one) => one.times > 0 && one.matches(request))
    if (misbehaviour === undefined) return this.answer(request, response)
    misbehaviour.times--
    misbehaviour.respond(request, response)
  }

  /** The proper answer. */
  answer(request: Recorded, response: ServerResponse): void {
    if (request.url.pathname === "/token") return this.#grant(request, response)
    const [, repository = "", kind = "", name = ""] = REPOSITORY.exec(request.url.pathname) ?? []
    if (!this.#isAuthorized(request, repository)) {
      response.writeHead(401, { "WWW-Authenticate": this.#challenge(repository) }).end("{}")
    } else if (kind === "tags") {
      response.end(JSON.stringify({ name: repository, tags: this.#tags(repository) }))
    } else {
      this.#serve(this.#blobs.get(`${repository} ${kind} ${name}`), request, response)
    }
  }

  #tags(repository: string): ReadonlyArray<string> {
    const prefix = `${repository} manifests `
    const names = [...this.#blobs.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
    return names.filter((name) => !name.includes(":"))
  }

  #challenge(repository: string): string {
    if (this.#options.auth === "basic") return 'Basic realm="fake"'
    const scope = this.#options.scope?.(repository) ?? `repository:${repository}:pull,push`
    return `Bearer realm="${this.#options.realm ?? `http://${this.host}/token`}",service="fake",scope="${scope}"`
  }

  #isAuthorized({ headers }: Recorded, repository: string): boolean {
    const { auth = "none" } = this.#options
    if (auth === "none") return true
    if (auth === "basic") return headers.authorization?.startsWith("Basic ") === true
    const token = headers.authorization?.replace(/^Bearer /u, "") ?? ""
    return this.tokens.get(token)?.includes(`repository:${repository}:pull`) === true
  }

  #grant({ url }: Recorded, response: ServerResponse): void {
    const token = `token-${this.tokens.size}-${Math.random().toString(36).slice(2)}`
    this.tokens.set(token, url.searchParams.getAll("scope"))
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ token, expires_in: 300 }))
  }

  #serve(blob: Blob | undefined, { headers, method }: Recorded, response: ServerResponse): void {
    if (blob === undefined) return void response.writeHead(404).end("{}")
    const [range, first, last = ""] = /^bytes=(\d+)-(\d*)$/u.exec(headers.range ?? "") ?? []
    const start = Number(first ?? 0)
    const end = last === "" ? blob.size : Math.min(Number(last) + 1, blob.size)
    const part = blob.bytes.subarray(start, end)
    response.writeHead(range === undefined ? 200 : 206, {
      "Content-Type": blob.mediaType,
      "Content-Length": part.length,
      "Docker-Content-Digest": blob.digest,
      ...(range === undefined ? {} : { "Content-Range": `bytes ${start}-${end - 1}/${blob.size}` })
    })
    response.end(method === "HEAD" ? undefined : part)
  }
}

/** Starts a fake registry on a free port of the loopback interface; gone, with its connections, when the scope closes. */
export const fakeRegistry = (options: FakeRegistryOptions = {}) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.sync(() => createServer({ keepAliveTimeout: 0 })),
      (made) => Effect.sync(() => made.closeAllConnections()).pipe(Effect.andThen(Effect.sync(() => made.close())))
    )
    const registry = new FakeRegistry(`127.0.0.1:${yield* portOf(server)}`, options)
    server.on("connection", (socket: Socket) => {
      registry.connections.add(socket)
      registry.onConnection()
      socket.once("close", () => registry.connections.delete(socket))
    })
    server.on("request", (message: IncomingMessage, response: ServerResponse) => {
      const chunks: Array<Buffer> = []
      message.on("data", (chunk: Buffer) => chunks.push(chunk))
      message.on("end", () => registry.handle(message, Buffer.concat(chunks).toString(), response))
    })
    return registry
  })
