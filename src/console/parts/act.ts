import { useState } from "preact/hooks"

/** What somebody has asked for: whether it is under way, and why it failed. */
export interface Act {
  readonly busy: boolean
  readonly failed: unknown
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
