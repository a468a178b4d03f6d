const isDigit = (code: number): boolean => code >= 48 && code <= 57

const endOfNumber = (name: string, from: number): number => {
  let at = from
  while (isDigit(name.charCodeAt(at))) at += 1
  return at
}

const withoutZeros = (digits: string): string => digits.replace(/^0+/u, "")

/** Names in the order of their code units, but numbers in them by what they count: `file-9` before `file-10`. */
export const compareNames = (one: string, other: string): number => {
  const most = Math.min(one.length, other.length)
  let at = 0
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at += 1
  let start = at
  while (start > 0 && isDigit(one.charCodeAt(start - 1))) start -= 1
  const digits = withoutZeros(one.slice(start, endOfNumber(one, start)))
  const others = withoutZeros(other.slice(start, endOfNumber(other, start)))
  const areNumbers = isDigit(one.charCodeAt(start)) && isDigit(other.charCodeAt(start))
  if (areNumbers && digits !== others) return digits.length - others.length || (digits < others ? -1 : 1)
  return at < most ? one.charCodeAt(at) - other.charCodeAt(at) : one.length - other.length
}
