import { Redacted, Result, Schema } from "effect"
import { type Email, localPart } from "./Email.ts"
import type { DisplayName } from "./User.ts"

export const MIN_LENGTH = 15
export const MAX_LENGTH = 256
const PRODUCT = "keyhole"

/** The first rule a password breaks. */
const PasswordRule = Schema.Literals(["too-short", "too-long", "common", "personal"])

export class WeakPassword extends Schema.TaggedError<WeakPassword>()("WeakPassword", { rule: PasswordRule }) {}

// A character of NFC comes of at most four (Unicode Standard Annex #15), each of at most two UTF-16 units.
const MAX_UNITS = MAX_LENGTH * 4 * 2

/** Too long in any form. To put such a text into NFC can take seconds, for the time grows with the square of its marks. */
const isBoundless = (text: string): boolean => text.length > MAX_UNITS

/** A password as it is hashed: in NFC, so that every keyboard's form of the same characters is one password. */
export const normalize = (password: Redacted.Redacted<string>): Redacted.Redacted<string> =>
  isBoundless(Redacted.value(password)) ? password : Redacted.make(Redacted.value(password).normalize("NFC"))

const folded = (text: string): string => text.normalize("NFC").toLowerCase()

/** Whether `text` is `part`, alone or several times over. */
const repeats = (text: string, part: string): boolean =>
  part.length > 0 && part.repeat(text.length / part.length) === text

/** Every piece that, alone or repeated, gives the text. */
const pieces = (text: string): ReadonlyArray<string> =>
  Array.from({ length: text.length }, (_, end) => text.slice(0, end + 1)).filter((piece) => repeats(text, piece))

/**
 * What a new password must be (NIST SP 800-63B-4 §3.1.1.2): long enough, and none of those that are tried first. There are no
 * rules of composition. Length is counted in characters (code points) of the NFC form.
 */
export const acceptPassword = (
  password: Redacted.Redacted<string>,
  owner: { readonly email: Email; readonly name: DisplayName | null },
  isCommon: (password: string) => boolean
): Result.Result<Redacted.Redacted<string>, WeakPassword> => {
  const weak = (rule: typeof PasswordRule.Type) => Result.fail(new WeakPassword({ rule }))
  if (isBoundless(Redacted.value(password))) return weak("too-long")
  const normal = normalize(password)
  const text = Redacted.value(normal)
  const length = [...text].length
  if (length < MIN_LENGTH) return weak("too-short")
  if (length > MAX_LENGTH) return weak("too-long")
  const plain = folded(text)
  const personal = [owner.email, localPart(owner.email), owner.name ?? "", PRODUCT].map(folded)
  if (personal.some((part) => repeats(plain, part))) return weak("personal")
  if (pieces(plain).some(isCommon)) return weak("common")
  return Result.succeed(normal)
}
