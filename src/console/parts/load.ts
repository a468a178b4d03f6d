import { useCallback, useEffect, useState } from "preact/hooks"

/** What was asked for, as far as it has come. The last answer stays until the next one is there. */
export interface Load<A> {
  readonly value: A | undefined
  readonly failed: unknown
  readonly again: () => Promise<void>
}

/** Loads something, and again whenever what it depends on changes. */
export const useLoad = <A>(load: () => Promise<A>, depends: ReadonlyArray<unknown> = []): Load<A> => {
  const [state, become] = useState<{ readonly value: A | undefined; readonly failed: unknown }>({
    value: undefined,
    failed: undefined
  })
  const again = useCallback(
    async (isWanted: () => boolean = () => true) => {
      try {
        const value = await load()
        if (isWanted()) become({ value, failed: undefined })
      } catch (failed) {
        if (isWanted()) become({ value: undefined, failed })
      }
    },
    [...depends]
  )
  useEffect(() => {
    let wanted = true
    void again(() => wanted)
    return () => {
      wanted = false
    }
  }, [again])
  return { ...state, again: () => again() }
}
