/** The first and the last millisecond that RFC 3339 can write: years 0000 and 9999. */
const EARLIEST = -62_167_219_200_000
const LATEST = 253_402_300_799_999

/**
 * Seconds since 1970 in RFC 3339, in UTC. An archive may give any number: one beyond the calendar is its edge. It is written
 * for every entry of a listing, so it is the language's own `Date`.
 */
export const timestamp = (seconds: number): string =>
  new Date(Math.min(Math.max(Math.floor(seconds * 1000), EARLIEST), LATEST)).toISOString()
