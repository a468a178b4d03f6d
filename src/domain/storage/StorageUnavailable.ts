import { Schema } from "effect"

/**
 * The store behind a port could not be reached or did not answer. Whatever was asked stays unknown: no port may turn it
 * into "not revoked", "not found" or "done".
 */
export class StorageUnavailable extends Schema.TaggedError<StorageUnavailable>()("StorageUnavailable", {
  store: Schema.Literals(["database", "redis"]),
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `The ${this.store === "redis" ? "Redis server" : "database"} cannot be reached, or does not answer in time.`
  }
}
