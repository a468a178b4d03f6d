const LONGEST = 60

/**
 * The seconds a `Retry-After` field asks to wait (RFC 9110 §10.2.3), given as seconds or as a date; undefined when it
 * cannot be read. More than a minute counts as a minute.
 */
export const retryAfterSeconds = (field: string | undefined, now: number): number | undefined => {
  const text = field?.trim() ?? ""
  const seconds = /^\d{1,9}$/u.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST, Math.max(0, seconds))
}
