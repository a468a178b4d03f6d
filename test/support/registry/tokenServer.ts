import { readFile } from "node:fs/promises"
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from "node:http"
import { join } from "node:path"
import { Effect } from "effect"
import { importPKCS8, SignJWT } from "jose"
import { command } from "./command.ts"
import { portOf } from "./port.ts"

export const ISSUER = "keyhole tests"
export const SERVICE = "registry.test"
const CERTIFICATE = "req -x509 -newkey rsa:2048 -nodes -subj /CN=keyhole-tests -days 2".split(" ")
const PUSHER = "pusher"
const PASSWORD = "correct horse"

export interface TokenServer {
  readonly realm: string
  readonly certificate: string
  /** What skopeo shows to be allowed to push. */
  readonly pusher: string
  readonly asked: ReadonlyArray<URL>
  /** What it was shown each time, and who was behind it: the registry itself gets to see no more than tokens. */
  readonly shown: ReadonlyArray<string | undefined>
  /** Everything but `/token` is passed on to this host, so that the registry is its own realm. */
  readonly standBefore: (host: string) => void
}

/** Who may pull what: the repositories of each reader, by what the reader shows. */
export type Readers = Readonly<Record<string, ReadonlyArray<string>>>

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`

const passOn = (host: string, { method, url, headers }: IncomingMessage, response: ServerResponse): void => {
  const passed = ask(`http://${host}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  passed.on("error", () => response.destroy()).end()
}

/**
 * Signs tokens for a `docker-registry`: the pusher gets what it asks for, everybody else at most `pull`, and where there are
 * readers only they, and only for what is theirs.
 */
export const tokenServer = (folder: string, readers?: Readers) =>
  Effect.gen(function* () {
    const [keyFile, certificate] = [join(folder, "token.key"), join(folder, "token.crt")]
    yield* command("openssl", ...CERTIFICATE, "-keyout", keyFile, "-out", certificate)
    const [pem, chain] = yield* Effect.promise(() =>
      Promise.all([readFile(keyFile, "utf8"), readFile(certificate, "utf8")])
    )
    const key = yield* Effect.promise(() => importPKCS8(pem, "RS256"))
    const x5c = [chain.replaceAll(/-----[A-Z ]+-----|\s/gu, "")]
    const pusher = basic(PUSHER, PASSWORD)
    const asked: Array<URL> = []
    const shown: Array<string | undefined> = []
    let behind: string | undefined

    const isGranted = (who: string | undefined, repository: string, action: string): boolean => {
      if (who === pusher) return true
      return action === "pull" && (readers === undefined || readers[who ?? ""]?.includes(repository) === true)
    }

    const sign = (url: URL, who: string | undefined) => {
      const access = url.searchParams
        .getAll("scope")
        .flatMap((scope) => scope.split(" "))
        .map((scope) => {
          const [type, name = "", actions = ""] = scope.split(":")
          return { type, name, actions: actions.split(",").filter((action) => isGranted(who, name, action)) }
        })
      return new SignJWT({ access })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", x5c })
        .setIssuer(ISSUER)
        .setAudience(SERVICE)
        .setIssuedAt()
        .setNotBefore("0s")
        .setExpirationTime("5m")
        .sign(key)
    }

    const server = yield* Effect.acquireRelease(
      Effect.sync(() =>
        createServer((request, response) => {
          const url = new URL(request.url ?? "/", "http://token.test")
          if (behind !== undefined && url.pathname !== "/token") return passOn(behind, request, response)
          asked.push(url)
          shown.push(request.headers.authorization)
          void sign(url, request.headers.authorization).then((token) =>
            response.setHeader("Content-Type", "application/json").end(JSON.stringify({ token, expires_in: 300 }))
          )
        })
      ),
      (made) => Effect.sync(() => made.closeAllConnections()).pipe(Effect.andThen(Effect.sync(() => made.close())))
    )
    const port = yield* portOf(server)
    return {
      realm: `http://127.0.0.1:${port}/token`,
      certificate,
      pusher: `${PUSHER}:${PASSWORD}`,
      asked,
      shown,
      standBefore: (host) => {
        behind = host
      }
    } satisfies TokenServer
  })
