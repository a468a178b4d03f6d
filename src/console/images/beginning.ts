import type { Carved } from "../../client/client.ts"

/** What of a file is shown; all of it can be downloaded. */
const MOST = 2 * 1024 * 1024
const MOST_OF_A_PICTURE = 16 * 1024 * 1024
export const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)\b/u

export interface Shown {
  readonly carved: Carved
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isWhole: boolean
}

/** The beginning of a file. What is not shown is not read. */
export const beginning = async (carved: Carved): Promise<Shown> => {
  const most = PICTURE.test(carved.type) ? MOST_OF_A_PICTURE : MOST
  const bytes = new Uint8Array(Math.min(most, carved.size))
  const reader = carved.bytes.getReader()
  let read = 0
  while (read < bytes.length) {
    const { done, value } = await reader.read()
    if (done) break
    bytes.set(value.subarray(0, bytes.length - read), read)
    read += Math.min(value.length, bytes.length - read)
  }
  await reader.cancel()
  return { carved, bytes: bytes.subarray(0, read), isWhole: carved.size <= most }
}
