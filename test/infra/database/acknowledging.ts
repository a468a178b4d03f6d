import { randomUUID } from "node:crypto"
import { Effect, Layer, Redacted } from "effect"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signOut } from "../../../src/domain/token/signOut.ts"
import * as Identifiers from "../../../src/infra/identity/Identifiers.ts"
import { atPlace } from "../../support/database.ts"
import { over, somebody } from "../../support/useCases.ts"

// A process that registers people, signs every second one out, and says so after each, until it is killed.
const [place = ""] = process.argv.slice(2)

const say = (word: string, id: string) => Effect.sync(() => process.stdout.write(`${word} ${id}\n`))

const somebodyNew = Effect.gen(function* () {
  const email = Email.make(`${randomUUID()}@example.com`)
  const password = Redacted.make("correct horse battery staple")
  const { user, sessionId, accessToken } = yield* register({ email, password, name: null }, somebody)
  yield* say("registered", user.id)
  yield* say("opened", sessionId)
  if (user.id < "8") return
  yield* signOut({ accessToken }, somebody)
  yield* say("closed", sessionId)
})

const layer = Layer.provideMerge(Identifiers.layer, over(atPlace(place)))
const people = Effect.all(
  [1, 2, 3].map(() => Effect.forever(somebodyNew)),
  { concurrency: "unbounded" }
)
await Effect.runPromise(Effect.provide(people, layer))
