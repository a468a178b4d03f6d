/** The first and the last millisecond that RFC 3339 can write: years 0000 and 9999. */
const EARLIEST = -62_167_219_200_000
const LATEST = 253_402_300_799_999

const DAY = 86_400_000

/** "00" up to "59". */
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"))

/** The date of the day that was asked for last: most files of a layer are as old as their neighbours. */
let known = { day: 0, date: "1970-01-01" }

const dateOf = (day: number): string => {
  if (known.day !== day) known = { day, date: new Date(day * DAY).toISOString().slice(0, -14) }
  return known.date
}

/**
 * Seconds since 1970 in RFC 3339, in UTC. An archive may give any number: one beyond the calendar is its edge. It is written
 * for every entry of a listing, so the language's own `Date` is asked once a day.
 */
export const timestamp = (seconds: number): string => {
  const time = Math.min(Math.max(Math.floor(seconds * 1000), EARLIEST), LATEST)
  const day = Math.floor(time / DAY)
  const inDay = time - day * DAY
  const minutes = Math.floor(inDay / 60_000)
  const millis = inDay % 60_000
  return (
    `${dateOf(day)}T${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:` +
    `${twoDigits[Math.floor(millis / 1000)]}.${String(millis % 1000).padStart(3, "0")}Z`
  )
}
