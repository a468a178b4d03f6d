import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely"
import type { Access } from "./SqliteConnection.ts"
import { SqliteDriver } from "./SqliteDriver.ts"

/** Lending the connection out is the driver's business, not Kysely's. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

export const dialect = (file: string, access: Access): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => new SqliteDriver(file, access),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteQueryCompiler()
})
