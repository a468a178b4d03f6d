import { HttpApi, OpenApi } from "effect/http-api"
import { Account } from "./account.ts"
import { Administration } from "./administration.ts"
import { Auth } from "./auth.ts"
import { Images } from "./images.ts"
import { OAuth } from "./oauth.ts"
import { Registries } from "./registries.ts"
import { Service } from "./service.ts"

/** The whole contract. It imports nothing of a server, so that clients can share it. */
export class Api extends HttpApi.make("keyhole")
  .add(Auth, Account, Administration, Images, Registries, OAuth, Service)
  .annotateMerge(
    OpenApi.annotations({
      title: "Keyhole",
      version: "1",
      description: "Sign in, look into container images, carve files out of them.",
      license: { name: "MIT", identifier: "MIT" }
    })
  ) {}
