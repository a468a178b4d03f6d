import { constants, setPriority } from "node:os"
import { parentPort, receiveMessageOnPort } from "node:worker_threads"
import { Broken, Inflating } from "./Inflating.ts"
import type { Job, News, Order } from "./messages.ts"

/*
 * The program of a thread that decompresses. It loads nothing but zlib, to be there when the first bytes of a first layer are.
 */

const inflate = ({ coding, port }: Job): void => {
  const inflating = new Inflating(coding)
  const inputs: Array<{ readonly buffer: ArrayBuffer; readonly length: number }> = []
  const room: Array<ArrayBuffer> = []
  let end: { readonly isWhole: boolean } | undefined
  let taken: ArrayBuffer | undefined
  let filled = 0
  let isOver = false

  const say = (news: News): void => port.postMessage(news, "buffer" in news ? [news.buffer] : [])

  const putOut = (): void => {
    const buffer = filled === 0 ? undefined : room.shift()
    if (buffer !== undefined) say({ _tag: "Output", buffer, length: filled })
    filled = 0
  }

  const over = (news: News): void => {
    isOver = true
    putOut()
    say(news)
  }

  const obey = (order: Order): void => {
    if (order._tag === "Input") inputs.push(order)
    else if (order._tag === "Room") room.push(order.buffer)
    else end = order
  }

  const giveBack = (): void => {
    if (taken !== undefined) say({ _tag: "Taken", buffer: taken })
    taken = undefined
  }

  /** The next input, or the end of it; false when neither has come. */
  const feed = (): boolean => {
    // What has come meanwhile goes into the same output.
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
      obey(more.message)
    }
    const next = inputs.shift()
    if (next === undefined && end === undefined) return false
    giveBack()
    taken = next?.buffer
    if (next !== undefined) inflating.push(new Uint8Array(next.buffer, 0, next.length))
    else if (end?.isWhole === true) inflating.end()
    else over({ _tag: "Ended" })
    return true
  }

  /** Fills a buffer, if there is one, as far as that goes; whether it is worth another turn. */
  const work = (): boolean => {
    const [buffer] = room
    if (buffer === undefined || isOver) return false
    const outcome = inflating.write(new Uint8Array(buffer), filled)
    filled = inflating.written
    if (outcome === "ended") over({ _tag: "Ended" })
    if (outcome === "full" || (outcome === "hungry" && !feed())) {
      putOut()
      // Only now: who has all buffers back has also heard all that was in them.
      if (outcome === "hungry") giveBack()
      return outcome === "full"
    }
    return true
  }

  port.on("message", (order: Order) => {
    obey(order)
    try {
      while (work());
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      over({ _tag: "Broken", message: error.message, code: error.code })
    }
  })
  port.on("close", () => inflating.close())
}

// Who waits for an answer is served first. Linux alone gives each thread a priority of its own (setpriority(2)).
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_LOW)
parentPort?.on("message", inflate)
