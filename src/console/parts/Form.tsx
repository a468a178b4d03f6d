import type { ComponentChildren } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { useAct } from "./act.ts"
import { Failure } from "./Failure.tsx"
import { Marked, marksIn } from "./marks.ts"
import { type Said, saidIn } from "./said.ts"

/**
 * Fields that are sent together, once at a time. Who sent what is not right is led to the field that is marked; what is about
 * no field in particular stands above the button. The button keeps the focus while it waits: a disabled one would lose it.
 */
export const Form = ({
  send,
  button,
  doing = button,
  look = "plain",
  done = "",
  clears = false,
  shape,
  beside,
  children
}: {
  readonly send: (said: Said, form: HTMLFormElement) => Promise<unknown>
  /** What the button says; without it nothing can be sent. */
  readonly button: string | undefined
  /** What it says while it waits. */
  readonly doing?: string | undefined
  readonly look?: "plain" | "main" | "danger" | "wide"
  /** What is said once it is done. */
  readonly done?: string
  /** Whether the fields are empty again then. */
  readonly clears?: boolean
  readonly shape?: string
  /** Other buttons. */
  readonly beside?: ComponentChildren
  readonly children: ComponentChildren
}) => {
  const form = useRef<HTMLFormElement>(null)
  const act = useAct()
  const [isDone, tell] = useState(false)
  const marks = marksIn(act.failed)
  const areShown = marks.size > 0 && [...marks.keys()].every((name) => form.current?.elements.namedItem(name) !== null)
  useEffect(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus(), [act.failed])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { current } = form
    if (act.busy || current === null) return
    tell(false)
    if (!(await act.run(() => send(saidIn(current), current)))) return
    if (clears) current.reset()
    tell(true)
  }
  return (
    <form ref={form} class={shape} onSubmit={(event) => void submit(event)} onInput={() => tell(false)}>
      <Marked.Provider value={marks}>{children}</Marked.Provider>
      {!areShown && <Failure failed={act.failed} />}
      <div class={look === "wide" ? "actions wide" : "actions"}>
        {beside}
        {button !== undefined && (
          <button type="submit" class={look} aria-disabled={act.busy}>
            {act.busy ? doing : button}
          </button>
        )}
      </div>
      <p class="small" role="status">
        {isDone ? done : ""}
      </p>
    </form>
  )
}
