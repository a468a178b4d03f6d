import { useEffect, useRef, useState } from "preact/hooks"
import { useAct } from "./act.ts"

/** A list that comes a page at a time, as far as somebody has turned it. */
export interface Pages<A> {
  readonly items: ReadonlyArray<A>
  /** Whether it is known that there is nothing, and no more to come. */
  readonly isEmpty: boolean
  readonly busy: boolean
  readonly failed: unknown
  /** Fetches the next page, or the first one again where that failed. */
  readonly again: () => void
  /** The same, if there is more. */
  readonly more: (() => void) | undefined
}

/** Keeps a list, and begins again whenever what it depends on changes; what was asked for before that is not heard any more. */
export const usePages = <A>(
  page: (
    cursor: string | undefined
  ) => Promise<{ readonly items: ReadonlyArray<A>; readonly next?: string | undefined }>,
  depends: ReadonlyArray<unknown> = []
): Pages<A> => {
  const [{ items, next }, hold] = useState<{ readonly items: ReadonlyArray<A>; readonly next?: string | undefined }>({
    items: []
  })
  const [known, learn] = useState(false)
  const asked = useRef(0)
  const act = useAct()
  const turn = (cursor: string | undefined, before: ReadonlyArray<A>) => {
    asked.current += 1
    const own = asked.current
    void act.run(async () => {
      const found = await page(cursor).catch((error: unknown) => {
        if (own === asked.current) throw error
      })
      if (found === undefined || own !== asked.current) return
      hold({ items: [...before, ...found.items], next: found.next })
      learn(true)
    })
  }
  useEffect(() => turn(undefined, []), depends)
  const again = () => turn(next, items)
  return {
    items,
    isEmpty: known && items.length === 0 && next === undefined,
    busy: act.busy,
    failed: act.failed,
    again,
    more: next === undefined ? undefined : again
  }
}
