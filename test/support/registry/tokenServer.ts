import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
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
}

/** Signs tokens for a `docker-registry`: the pusher gets what it asks for, everybody else at most `pull`. */
export const tokenServer = (folder: string) =>
  Effect.gen(function* () {
    const [keyFile, certificate] = [join(folder, "token.key"), join(folder, "token.crt")]
    yield* command("openssl", ...CERTIFICATE, "-keyout", keyFile, "-out", certificate)
    const [pem, chain] = yield* Effect.promise(() =>
      Promise.all([readFile(keyFile, "utf8"), readFile(certificate, "utf8")])
    )
    const key = yield* Effect.promise(() => importPKCS8(pem, "RS256"))
    const x5c = [chain.replaceAll(/-----[A-Z ]+-----|\s/gu, "")]
    const pusher = `Basic ${Buffer.from(`${PUSHER}:${PASSWORD}`).toString("base64")}`
    const asked: Array<URL> = []

    const sign = (url: URL, mayPush: boolean) => {
      const access = url.searchParams
        .getAll("scope")
        .flatMap((scope) => scope.split(" "))
        .map((scope) => {
          const [type, name, actions = ""] = scope.split(":")
          return { type, name, actions: actions.split(",").filter((action) => mayPush || action === "pull") }
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
          asked.push(url)
          void sign(url, request.headers.authorization === pusher).then((token) =>
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
      asked
    } satisfies TokenServer
  })
