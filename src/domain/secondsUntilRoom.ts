const SHORTEST = 1
/** By then things may have become quicker. */
const LONGEST = 60

/**
 * In how many seconds there should be room for somebody who is turned away: when those `ahead` are through, so many at once,
 * each as long as the last one took (in milliseconds).
 */
export const secondsUntilRoom = (ahead: number, atOnce: number, lastMillis: number): number =>
  Math.min(LONGEST, Math.max(SHORTEST, Math.ceil((ahead * lastMillis) / atOnce / 1000)))
