import type { MessagePort } from "node:worker_threads"
import type { Coding } from "./compression.ts"

/** Asks for data to be decompressed; what is said of it goes over a port of its own, and ends when that is closed. */
export interface Job {
  readonly coding: Coding
  readonly port: MessagePort
}

/** What the one who reads says. Every buffer is handed over, and comes back. */
export type Order =
  | { readonly _tag: "Input"; readonly buffer: ArrayBuffer; readonly length: number }
  /** There is no more input, because this was all of it or because its source has failed. */
  | { readonly _tag: "End"; readonly isWhole: boolean }
  /** Room for output. */
  | { readonly _tag: "Room"; readonly buffer: ArrayBuffer }

/** What the one who decompresses says, in the order of the data. */
export type News =
  | { readonly _tag: "Output"; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly _tag: "Taken"; readonly buffer: ArrayBuffer }
  | { readonly _tag: "Ended" }
  | { readonly _tag: "Broken"; readonly message: string; readonly code: string }
