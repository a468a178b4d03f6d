import { Effect, Option, Stream } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Email } from "./Email.ts"
import type { User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

const PAGE = 100

/** All users, in the order of their addresses, read page by page. */
export const listUsers = Stream.unwrap(
  Effect.map(UserRepository, (users) =>
    Stream.paginate<Email | undefined, User, StorageUnavailable>(undefined, (after) =>
      Effect.map(users.page({ limit: PAGE, ...(after !== undefined && { after }) }), (page) => {
        const last = page.length < PAGE ? undefined : page.at(-1)
        return [page, Option.map(Option.fromUndefinedOr(last), ({ email }) => email)]
      })
    )
  )
)
