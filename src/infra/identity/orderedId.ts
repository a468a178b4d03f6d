import { randomBytes } from "node:crypto"

const COUNTER_BITS = 12n
const VARIANT = 0x80

/**
 * UUIDs that sort in the order in which this process made them, also within a millisecond (RFC 9562 §5.7, with the counter of
 * §6.2 method 1): what happens in one unit of work is listed as it happened.
 */
export const orderedIds = () => {
  let newest = 0n
  return (now: number): string => {
    const first = BigInt(now) << COUNTER_BITS
    newest = first > newest ? first : newest + 1n
    const digits = newest.toString(16).padStart(15, "0")
    const random = randomBytes(8)
    random.writeUInt8((random.readUInt8() & 0x3f) | VARIANT)
    const tail = random.toString("hex")
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7${digits.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`
  }
}
