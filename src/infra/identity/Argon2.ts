import { hash as argon2Hash, verify as argon2Verify } from "@node-rs/argon2"
import { Effect, Layer, Redacted } from "effect"
import { PasswordHash, PasswordHasher } from "../../domain/identity/PasswordHasher.ts"
import { assess, hashOfNothing, optionsOf } from "./Argon2Hash.ts"
import { Argon2Settings } from "./Argon2Settings.ts"
import { assessBcrypt, bcryptMatches, isBcrypt } from "./BcryptHash.ts"
import { waitingRoom } from "./waitingRoom.ts"

/** argon2id (RFC 9106) on libuv's pool, as many at once as configured; bcrypt that was brought along waits with it. */
export const layer = Layer.effect(
  PasswordHasher,
  Effect.gen(function* () {
    const settings = yield* Argon2Settings
    const admit = yield* waitingRoom(settings)
    const options = optionsOf(settings)
    const nothing = hashOfNothing(settings)

    const judge = (hash: PasswordHash) => (isBcrypt(hash) ? assessBcrypt(hash) : assess(hash, settings))
    const compare = (password: Redacted.Redacted<string>, hash: PasswordHash) =>
      admit(
        Effect.promise(() =>
          isBcrypt(hash) ? bcryptMatches(password, hash) : argon2Verify(Redacted.value(hash), Redacted.value(password))
        )
      )
    const verifyNothing = (password: Redacted.Redacted<string>) => Effect.asVoid(compare(password, nothing))

    return PasswordHasher.of({
      hash: (password) =>
        admit(
          Effect.promise(async () =>
            PasswordHash.make(Redacted.make(await argon2Hash(Redacted.value(password), options)))
          )
        ),
      verify: Effect.fnUntraced(function* (password, hash) {
        const assessment = judge(hash)
        if (assessment === "refused") {
          yield* Effect.logWarning("a stored password hash is malformed or too costly; nothing matches it")
          yield* verifyNothing(password)
          return { matches: false, outdated: false }
        }
        return { matches: yield* compare(password, hash), outdated: assessment === "outdated" }
      }),
      verifyNothing,
      accepts: (hash) => judge(hash) !== "refused"
    })
  })
)
