import { place, to } from "../place.ts"

/** Goes to another view of the image that is shown. */
export const within = (change: Readonly<Record<string, string | undefined>>): string =>
  to("/images", { ...place.value.query, ...change })
