import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"

let first = true

/** Leads to the page's heading whoever would be nowhere otherwise. */
export const toTitle = (): void => document.querySelector<HTMLElement>("main h1")?.focus()

/** A page's heading: it names the tab, after what the page shows now, and who comes from another page is led to it. */
export const Title = ({ children, of }: { readonly children: ComponentChildren; readonly of?: string | undefined }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const names = [of, heading.current?.textContent, "Keyhole"]
    document.title = names.filter((name) => name !== undefined).join(" – ")
  }, [of])
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true })
    first = false
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
