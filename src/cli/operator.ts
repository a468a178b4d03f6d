import { noClient } from "../domain/Client.ts"

/** Whoever is at the command line. */
export const operator = noClient
