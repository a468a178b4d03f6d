import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { Account } from "./account.ts"
import { Administration } from "./administration.ts"
import { Auth } from "./auth.ts"
import { Images } from "./images.ts"
import { OAuth } from "./oauth.ts"
import { Registries } from "./registries.ts"
import { Service } from "./service.ts"

const description = `Sign in, look into container images, carve files out of them.

1. Make an account with \`POST /auth/register\`, or sign in with \`POST /auth/login\`.
2. Send the \`access_token\` of the answer with every call: \`Authorization: Bearer …\`. It lives for \`expires_in\` seconds;
   \`POST /auth/refresh\` exchanges the \`refresh_token\` for new ones.
3. Peek with \`GET /images/files?image=alpine:3.20\`, carve with \`GET /images/file?image=alpine:3.20&path=/etc/os-release\`.

Browsers better sign in with \`"mode": "cookie"\`: the session's cookie is good for every call, and no script sees a token.

An error is \`application/problem+json\` (RFC 9457): \`detail\` says what to do, \`code\` is for programs, \`type\` leads to a page
about it, and \`instance\` is the request id that the log has too. \`/oauth/*\` uses the errors of its own standards. What is not
known in a body or a query is refused, and a list goes on with the \`next\` of its answer.`

/** The whole contract. It imports nothing of a server, so that clients can share it. */
export class Api extends HttpApi.make("keyhole")
  .add(Auth, Account, Administration, Images, Registries, OAuth, Service)
  .annotateMerge(
    OpenApi.annotations({
      title: "Keyhole",
      version: "1",
      description,
      license: { name: "MIT", identifier: "MIT" }
    })
  ) {}
