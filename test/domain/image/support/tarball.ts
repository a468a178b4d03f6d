/** A second, independent idea of what an archive is: the tests write archives with it, byte by byte. */
const encoder = new TextEncoder()

export interface Member {
  readonly name: string | Uint8Array
  readonly type?: string
  readonly mode?: number
  readonly size?: number
  readonly link?: string
  readonly mtime?: number
  readonly content?: Uint8Array | string
  readonly magic?: string
  readonly prefix?: string
  /** Last changes to the header block, before its checksum. */
  readonly patch?: (block: Uint8Array) => void
  /** Sum the bytes as signed ones. */
  readonly signed?: boolean
}

export const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? encoder.encode(text) : text

export const concat = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const octal = (value: number, length: number) => bytesOf(`${value.toString(8).padStart(length - 1, "0")}\0`)

export const header = (member: Member): Uint8Array => {
  const block = new Uint8Array(512)
  const content = bytesOf(member.content ?? "")
  block.set(bytesOf(member.name).subarray(0, 100), 0)
  block.set(octal(member.mode ?? 0o644, 8), 100)
  block.set(octal(1000, 8), 108)
  block.set(octal(1000, 8), 116)
  block.set(octal(member.size ?? content.length, 12), 124)
  block.set(octal(member.mtime ?? 0, 12), 136)
  block.set(bytesOf(member.type ?? "0"), 156)
  block.set(bytesOf(member.link ?? "").subarray(0, 100), 157)
  block.set(bytesOf(member.magic ?? "ustar\x0000"), 257)
  block.set(bytesOf(member.prefix ?? ""), 345)
  member.patch?.(block)
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + (member.signed === true && byte > 127 ? byte - 256 : byte), 0)
  block.set(bytesOf(`${sum.toString(8).padStart(6, "0")}\0 `), 148)
  return block
}

const padded = (content: Uint8Array): Uint8Array =>
  concat(content, new Uint8Array((512 - (content.length % 512)) % 512))

export const member = (what: Member): Uint8Array => concat(header(what), padded(bytesOf(what.content ?? "")))

export const endMarker = new Uint8Array(1024)

export const tarball = (...members: ReadonlyArray<Member>): Uint8Array => concat(...members.map(member), endMarker)

export const paxRecord = (key: string, value: string | Uint8Array): Uint8Array => {
  const rest = concat(bytesOf(` ${key}=`), bytesOf(value), bytesOf("\n"))
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length++
  return concat(bytesOf(String(length)), rest)
}

export const pax = (records: ReadonlyArray<readonly [string, string | Uint8Array]>, type = "x"): Member => ({
  name: "PaxHeaders/x",
  type,
  content: concat(...records.map(([key, value]) => paxRecord(key, value)))
})
