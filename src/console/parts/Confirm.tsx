import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { Form } from "./Form.tsx"
import type { Said } from "./said.ts"
import { toTitle } from "./Title.tsx"

/** Asks before something that cannot be undone. Escape and `Cancel` are no. */
export const Confirm = ({
  title,
  children,
  yes,
  act,
  onClose
}: {
  readonly title: string
  readonly children: ComponentChildren
  readonly yes: string
  readonly act: (said: Said) => Promise<unknown>
  readonly onClose: () => void
}) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const close = () => {
    // Back to the button that asked, unless it went with what it was for.
    dialog.current?.close()
    if (document.activeElement === document.body) toTitle()
  }
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <Form
        send={(said) => act(said).then(close)}
        button={yes}
        look="danger"
        beside={
          <button type="button" class="plain" onClick={close}>
            Cancel
          </button>
        }
      >
        <h2 id={id}>{title}</h2>
        {children}
      </Form>
    </dialog>
  )
}
