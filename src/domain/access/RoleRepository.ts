import { Context, type Effect } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Grant } from "./Permission.ts"
import type { Role, RoleName } from "./Role.ts"

/** The roles that this installation has defined beside the built-in ones. */
export class RoleRepository extends Context.Service<
  RoleRepository,
  {
    /** In the order of their names. */
    readonly all: Effect.Effect<ReadonlyArray<Role>, StorageUnavailable>
    /**
     * As `all`; inside a unit of work nobody else who asks for it goes on until the unit ends. Whoever changes what somebody
     * may do holds the roles first, so that what was read of roles and of who has them is still true at the commit.
     */
    readonly hold: Effect.Effect<ReadonlyArray<Role>, StorageUnavailable>
    /** Defines a role, in place of the one that had the name. */
    readonly define: (name: RoleName, permissions: ReadonlyArray<Grant>) => Effect.Effect<void, StorageUnavailable>
    readonly remove: (name: RoleName) => Effect.Effect<void, StorageUnavailable>
  }
>()("keyhole/domain/access/RoleRepository") {}
