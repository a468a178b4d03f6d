/** A place in the reading room: whose it is, and a number that nobody else has. */
export interface Place {
  readonly ticket: number
  readonly user: string
}

/** Who reads images just now, and who waits, in the order they came. */
export interface Readings {
  readonly running: ReadonlyArray<Place>
  readonly waiting: ReadonlyArray<Place>
}

export interface Admission {
  /** Readings at work at once: peeks, carves and downloads, but also manifests, lists of tags and searches. */
  readonly atOnce: number
  /** How many more of one user may wait. */
  readonly queue: number
}

export const nobody: Readings = { running: [], waiting: [] }

/** What all users together may have waiting, in queues of one user. */
const QUEUES = 16

const of = (places: ReadonlyArray<Place>, user: string): number =>
  places.reduce((count, place) => (place.user === user ? count + 1 : count), 0)

/** No user has all the places: half of them is everybody's share. */
const hasShare = ({ running }: Readings, user: string, { atOnce }: Admission): boolean =>
  of(running, user) >= Math.ceil(atOnce / 2)

/** What becomes of somebody who comes. */
export const arrive = (readings: Readings, user: string, admission: Admission): "begin" | "wait" | "refuse" => {
  const { running, waiting } = readings
  if (running.length < admission.atOnce && !hasShare(readings, user, admission)) return "begin"
  const isFull = waiting.length >= QUEUES * admission.queue || of(waiting, user) >= admission.queue
  return isFull ? "refuse" : "wait"
}

/** Whose turn it is when a place is free: who came first of the users that have the fewest places. */
export const nextToBegin = (readings: Readings, admission: Admission): Place | undefined => {
  if (readings.running.length >= admission.atOnce) return undefined
  let next: Place | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const place of readings.waiting) {
    const has = of(readings.running, place.user)
    if (has < fewest && !hasShare(readings, place.user, admission)) {
      next = place
      fewest = has
    }
  }
  return next
}
