import { expect, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { LONGEST_ACCESS_TTL } from "../../../src/domain/token/AccessToken.ts"
import { authenticate } from "../../../src/domain/token/authenticate.ts"
import { signOut } from "../../../src/domain/token/signOut.ts"
import { LONGEST_LEEWAY, TokenSettings } from "../../../src/domain/token/TokenSettings.ts"
import { somebody, tokenSettings, useCases } from "../../support/useCases.ts"

const ada = register(
  { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple"), name: null },
  somebody
)
const longest = { ...tokenSettings, accessTtl: LONGEST_ACCESS_TTL, leeway: LONGEST_LEEWAY }
const shortest = { ...tokenSettings, accessTtl: Duration.seconds(1), leeway: Duration.zero }

it.effect.each([
  ["the settings it was issued under", longest],
  ["settings that were shortened since", shortest]
] as const)("a token that was revoked under %s never comes back to life", ([, then]) =>
  Effect.gen(function* () {
    const { accessToken } = yield* Effect.provideService(ada, TokenSettings, longest)
    const answer = Effect.map(
      Effect.flip(Effect.provideService(authenticate(accessToken), TokenSettings, longest)),
      ({ _tag }) => _tag
    )
    yield* Effect.provideService(signOut({ accessToken }, somebody), TokenSettings, then)
    expect(yield* answer).toBe("TokenRevoked")
    yield* TestClock.adjust("1 hour")
    expect(yield* answer).toBe("TokenRevoked")
    yield* TestClock.adjust(Duration.subtract(LONGEST_ACCESS_TTL, Duration.minutes(61)))
    expect(yield* answer).toBe("TokenRevoked")
    yield* TestClock.adjust("2 minutes")
    expect(yield* answer).toBe("TokenRevoked")
    yield* TestClock.adjust(LONGEST_LEEWAY)
    expect(yield* answer).toBe("TokenExpired")
  }).pipe(Effect.provide(useCases))
)
