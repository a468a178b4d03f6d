import { useEffect, useRef, useState } from "preact/hooks"

/** How many lines stand ready beyond the edges. */
const AHEAD = 12

/** Which lines of many are in sight: only those are made. */
export const useWindow = (count: number, height: number) => {
  const box = useRef<HTMLDivElement>(null)
  const [{ top, seen }, look] = useState({ top: 0, seen: 800 })
  const onScroll = () => {
    const { current } = box
    if (current !== null) look({ top: current.scrollTop, seen: current.clientHeight })
  }
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const observer = new ResizeObserver(onScroll)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  const from = Math.max(0, Math.floor(top / height) - AHEAD)
  const until = Math.min(count, Math.ceil((top + seen) / height) + AHEAD)
  const reveal = (index: number): void => {
    const { current } = box
    if (current === null) return
    const at = index * height
    if (at < current.scrollTop) current.scrollTop = at
    else if (at + height > current.scrollTop + current.clientHeight) {
      current.scrollTop = at + height - current.clientHeight
    }
  }
  return { box, onScroll, from, until, reveal, page: Math.max(1, Math.floor(seen / height) - 1) }
}
