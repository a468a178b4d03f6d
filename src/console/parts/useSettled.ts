import { useEffect, useState } from "preact/hooks"

const PAUSE = 150

/** What is typed, once nothing was typed for a moment: the service is not asked letter by letter. */
export const useSettled = (typed: string): string => {
  const [settled, settle] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => settle(typed), PAUSE)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}
