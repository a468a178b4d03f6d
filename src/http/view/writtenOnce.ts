import type { Grant } from "../../domain/access/Permission.ts"
import type { User } from "../../domain/identity/User.ts"

const isSame = (some: ReadonlyArray<Grant>, others: ReadonlyArray<Grant>): boolean =>
  some === others || (some.length === others.length && some.every((grant, at) => grant === others[at]))

/**
 * Writes what there is to say of a user and their grants once for as long as both stay as they are. A user who calls often is
 * remembered until something about them changes, and is another one from then on: see `remembering`.
 */
export const writtenOnce = <A>(write: (user: User, grants: ReadonlyArray<Grant>) => A) => {
  const known = new WeakMap<User, { readonly grants: ReadonlyArray<Grant>; readonly written: A }>()
  return (user: User, grants: ReadonlyArray<Grant>): A => {
    const found = known.get(user)
    if (found !== undefined && isSame(found.grants, grants)) return found.written
    const written = write(user, grants)
    known.set(user, { grants, written })
    return written
  }
}
