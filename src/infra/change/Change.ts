/**
 * Something that a process may remember otherwise, and has to forget. Where it is `harmless`, whoever goes by the old for a
 * moment accepts nothing that was taken away, so that nobody need wait until all know.
 */
export type Change =
  /** An entry of the token storage was stored; it ends at `until` (milliseconds of the epoch). */
  | { readonly kind: "token-entry"; readonly subject: string; readonly until: number }
  /** The cookie session of this secret's hash was used, closed, or goes on under another secret. */
  | { readonly kind: "session"; readonly subject: string; readonly harmless?: true }
  /** A user was changed or deleted, or their roles were. */
  | { readonly kind: "user"; readonly subject: string; readonly harmless?: true }
  /** A role was defined, changed or removed. */
  | { readonly kind: "roles" }
  /** The signing keys were rotated, or one was dropped. */
  | { readonly kind: "keys" }

const SUBJECT_OF_KIND = ""

/** A change as it is kept. */
export interface Row {
  readonly kind: string
  readonly subject: string
  readonly until: number | null
}

export const toRow = (change: Change, at: number): Row & { readonly at: number } => ({
  at,
  kind: change.kind,
  subject: "subject" in change ? change.subject : SUBJECT_OF_KIND,
  until: "until" in change ? change.until : null
})

/** The change, or nothing for one that only a newer version knows. */
export const toChange = ({ kind, subject, until }: Row): Change | undefined => {
  switch (kind) {
    case "token-entry":
      return until === null ? undefined : { kind, subject, until }
    case "session":
    case "user":
      return { kind, subject }
    case "roles":
    case "keys":
      return { kind }
    default:
      return undefined
  }
}
