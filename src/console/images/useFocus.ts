import { useEffect, useRef } from "preact/hooks"

/**
 * Moves the focus when a file is opened to its heading, and when it is closed to the tree; only where what had the focus has
 * gone: the link that closed the file, or, on screens with room for one of the two, the tree.
 */
export const useFocus = (path: string | undefined): void => {
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
