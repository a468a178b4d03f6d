import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"

let first = true

/** Leads to the page's heading whoever would be nowhere otherwise. */
export const toTitle = (): void => document.querySelector<HTMLElement>("main h1")?.focus()

/** A page's heading: it names the tab, and who comes from another page is led to it. */
export const Title = ({ children }: { readonly children: ComponentChildren }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${heading.current?.textContent ?? ""} – Keyhole`
    if (!first) heading.current?.focus({ preventScroll: true })
    first = false
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
