import type { Entry, Line, Progress, Summary } from "./documents.ts"
import { Problem, Unreachable } from "./Problem.ts"
import { asUnreachable } from "./wire.ts"

/** What has come of a listing since the step before. */
export interface Step {
  readonly entries: ReadonlyArray<Entry>
  /** How many bytes of which layers have come. */
  readonly progress: ReadonlyArray<Progress>
  /** With the last step. */
  readonly summary?: Summary
}

/** The whole lines of a stream, some at a time. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ReadonlyArray<string>> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ""
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n")
      rest = lines.pop() ?? ""
      if (lines.length > 0) yield lines
    }
  } finally {
    // Whoever stops listening has the service stop reading.
    await reader.cancel().catch(() => undefined)
  }
}

/** Reads a listing as it is told; throws the problem that broke it off. */
export async function* stepsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Step, void> {
  let ended = false
  try {
    for await (const lines of linesOf(body)) {
      const entries: Array<Entry> = []
      const progress: Array<Progress> = []
      for (const text of lines) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the service encodes by the declaration the type is of
        const line = JSON.parse(text) as Line
        if ("path" in line) entries.push(line)
        else if ("progress" in line) progress.push(line.progress)
        else if ("problem" in line) throw new Problem(line.problem)
        else {
          ended = true
          yield { entries, progress, summary: line.summary }
          return
        }
      }
      yield { entries, progress }
    }
  } catch (error) {
    throw error instanceof Problem ? error : asUnreachable(error)
  }
  if (!ended) throw new Unreachable("The listing broke off before its end")
}
