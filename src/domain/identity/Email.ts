import { Schema } from "effect"

/**
 * An email address as its owner writes it: the mailbox form that people use (RFC 5321 §4.1.2 without quoted local parts or
 * address literals), at most 254 characters (RFC 5321 §4.5.3.1.3). Nothing in it is invisible, or it could be shown for another
 * one (Unicode Technical Standard 39 §3.1).
 */
export const Email = Schema.String.check(
  Schema.isMaxLength(254),
  Schema.isPattern(
    /^[^\s@"<>(),:;\\[\]\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u,
    {
      expected: "an email address such as ada@example.com"
    }
  )
).pipe(Schema.brand("Email"))
export type Email = typeof Email.Type

/** The form under which addresses are compared: two that differ only in case or Unicode composition are the same. */
export const emailKey = (email: Email): string => email.normalize("NFC").toLowerCase().normalize("NFC")

export const localPart = (email: Email): string => email.slice(0, email.lastIndexOf("@"))
