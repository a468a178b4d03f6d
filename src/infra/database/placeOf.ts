import type { DatabaseSettings } from "./DatabaseSettings.ts"
import { nameOf } from "./postgres/postgresUrl.ts"

/** Where a database is, for people: a URL's password is for nobody. */
export const placeOf = (settings: DatabaseSettings["Service"]): string =>
  settings.kind === "sqlite" ? settings.file : `PostgreSQL, ${nameOf(settings.url)}`
