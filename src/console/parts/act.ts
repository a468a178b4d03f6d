import { useState } from "preact/hooks"
import { Problem } from "../../client/client.ts"

/** What somebody has asked for: whether it is under way, and why it failed. */
export interface Act {
  readonly busy: boolean
  readonly failed: unknown
  /** The sentence about one field, by its name. */
  readonly wrong: (field: string) => string | undefined
  /** Whether it was done. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>
}

export const useAct = (): Act => {
  const [state, become] = useState<{ readonly busy: boolean; readonly failed: unknown }>({
    busy: false,
    failed: undefined
  })
  return {
    ...state,
    wrong: (field) => (state.failed instanceof Problem ? state.failed.at(`/${field}`) : undefined),
    run: async (work) => {
      become({ busy: true, failed: undefined })
      try {
        await work()
        become({ busy: false, failed: undefined })
        return true
      } catch (failed) {
        become({ busy: false, failed })
        return false
      }
    }
  }
}

/** What a form says, field by field. */
export const saidIn = (form: EventTarget | null): Readonly<Record<string, string>> =>
  form instanceof HTMLFormElement
    ? Object.fromEntries(
        [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string")
      )
    : {}
