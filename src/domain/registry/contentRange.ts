/** A part of a blob: the first byte, and the one after the last. */
export interface BytePart {
  readonly start: number
  readonly end: number
}

/**
 * Reads the `Content-Range` of a 206 (RFC 9110 §14.4) that answers a request for the part `asked` of content of `size`
 * bytes. Anything but a part that begins exactly there and stays inside is no answer to that request.
 */
export const contentRange = (field: string | undefined, asked: BytePart, size: number): BytePart | undefined => {
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/u.exec(field ?? "") ?? []
  const { start } = asked
  const end = Number(last) + 1
  const fits = Number(first) === start && end > start && end <= asked.end && (total === "*" || Number(total) === size)
  return fits ? { start, end } : undefined
}
