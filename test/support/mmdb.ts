const METADATA = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from("MaxMind.com")])
/** Between the search tree and the data (MaxMind DB 2.0). */
const SEPARATOR = Buffer.alloc(16)

interface Uint {
  readonly type: 5 | 6 | 9
  readonly value: number
}
interface Fields {
  readonly [name: string]: Value
}
type Value = string | Uint | Fields

/** Types beyond 7 take a second byte. */
const control = (type: number, size: number) => Buffer.from(type <= 7 ? [(type << 5) | size] : [size, type - 7])

const encode = (value: Value): Buffer => {
  if (typeof value === "string") return Buffer.concat([control(2, value.length), Buffer.from(value)])
  if (isUint(value)) {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value.value)
    const size = value.type === 5 ? 2 : 4
    return Buffer.concat([control(value.type, size), bytes.subarray(4 - size)])
  }
  const fields = Object.entries(value)
  return Buffer.concat([control(7, fields.length), ...fields.flatMap(([name, each]) => [encode(name), encode(each)])])
}
const isUint = (value: Value): value is Uint =>
  typeof value === "object" && "type" in value && typeof value.type === "number"
const uint = (type: Uint["type"], value: number): Uint => ({ type, value })

/** The bits of a network, IPv4 as the tree has it: below ::/96. */
const bitsOf = (network: string): string => {
  const [address = "", prefix = ""] = network.split("/")
  const bits = (part: string, radix: number, width: number) =>
    Number.parseInt(part, radix).toString(2).padStart(width, "0")
  if (!address.includes(":")) {
    return (
      "0".repeat(96) +
      address
        .split(".")
        .map((part) => bits(part, 10, 8))
        .join("")
        .slice(0, Number(prefix))
    )
  }
  return address
    .replace(/::$/u, "")
    .split(":")
    .map((part) => bits(part, 16, 16))
    .join("")
    .padEnd(128, "0")
    .slice(0, Number(prefix))
}

type Node = [number | Leaf, number | Leaf]
interface Leaf {
  readonly at: number
}

/** A database in MaxMind's format, version 2.0, of networks and what is to be said of each. */
export const mmdb = (records: Readonly<Record<string, Fields>>): Buffer => {
  const nodes: Array<Node> = [[0, 0]]
  const data: Array<Buffer> = []
  let length = 0
  for (const [network, record] of Object.entries(records)) {
    let node = 0
    const bits = bitsOf(network)
    for (const [index, bit] of [...bits].entries()) {
      const side = bit === "1" ? 1 : 0
      const here = nodes[node]
      if (here === undefined) throw new Error("a tree has no such node")
      if (index === bits.length - 1) here[side] = { at: length }
      else {
        const next = here[side]
        if (typeof next === "object") throw new Error(`${network} is within another network`)
        if (next === 0) here[side] = nodes.push([0, 0]) - 1
        node = Number(here[side])
      }
    }
    const bytes = encode(record)
    data.push(bytes)
    length += bytes.length
  }
  // Node 0 is the root, to which nothing leads: 0 is what has no answer.
  const pointer = (to: number | Leaf) =>
    typeof to === "object" ? nodes.length + SEPARATOR.length + to.at : to === 0 ? nodes.length : to
  const tree = Buffer.alloc(nodes.length * 6)
  for (const [index, [left, right]] of nodes.entries()) {
    tree.writeUIntBE(pointer(left), index * 6, 3)
    tree.writeUIntBE(pointer(right), index * 6 + 3, 3)
  }
  const metadata = encode({
    binary_format_major_version: uint(5, 2),
    binary_format_minor_version: uint(5, 0),
    build_epoch: uint(9, 1_800_000_000),
    database_type: "Test-Country",
    description: {},
    ip_version: uint(5, 6),
    node_count: uint(6, nodes.length),
    record_size: uint(5, 24)
  })
  return Buffer.concat([tree, SEPARATOR, ...data, METADATA, metadata])
}
