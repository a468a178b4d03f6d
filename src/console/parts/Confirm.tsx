import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { type Act, saidIn, useAct } from "./act.ts"
import { Failure } from "./Failure.tsx"

/** Asks before something that cannot be undone. Escape and `Cancel` are no. */
export const Confirm = ({
  title,
  children,
  yes,
  act: work,
  onClose
}: {
  readonly title: string
  readonly children: ComponentChildren | ((act: Act) => ComponentChildren)
  readonly yes: string
  readonly act: (said: Readonly<Record<string, string>>) => Promise<unknown>
  readonly onClose: () => void
}) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const act = useAct()
  useEffect(() => dialog.current?.showModal(), [])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const said = saidIn(event.currentTarget)
    if (await act.run(() => work(said))) onClose()
  }
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{title}</h2>
        {typeof children === "function" ? children(act) : children}
        <Failure failed={act.failed} />
        <div class="actions">
          <button type="button" class="plain" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={act.busy}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  )
}
