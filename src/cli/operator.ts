import { Client } from "../domain/Client.ts"

/** Whoever is at the command line: no address, no user agent. */
export const operator = new Client({ ipAddress: null, userAgent: null })
