import { useEffect, useRef } from "preact/hooks"

/**
 * Leads whoever opens or closes a file along with it, where that takes away what had the focus: the link that closed it, or, on
 * screens with room for one of the two, the tree.
 */
export const useCompany = (path: string | undefined): void => {
  const isFirst = useRef(true)
  useEffect(() => {
    const at = document.activeElement
    const isLost = at === null || at === document.body || !at.checkVisibility()
    if (isLost && !isFirst.current) {
      document.querySelector<HTMLElement>(path === undefined ? ".tree" : ".view h2")?.focus()
    }
    isFirst.current = false
  }, [path])
}
