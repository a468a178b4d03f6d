import { Effect, Layer } from "effect"
import { CommonPasswords } from "../../domain/identity/CommonPasswords.ts"

const load = Effect.promise(async () => {
  const { dictionary } = await import("@zxcvbn-ts/language-common")
  const common = new Set(dictionary["passwords-common"])
  return (password: string) => common.has(password)
})

/**
 * The 49,233 passwords that the zxcvbn project distils from public leaks, most of them shorter than any password that is
 * accepted here: they count repeated. Read when the first password is chosen, so that no start waits for it.
 */
export const layer = Layer.effect(
  CommonPasswords,
  Effect.map(Effect.cached(load), (isCommon) => ({ isCommon }))
)
