import { useContext, useId, useState } from "preact/hooks"
import { Marked } from "./marks.ts"

interface Input {
  readonly type?: "text" | "email" | "password"
  readonly autocomplete?: "username" | "name" | "current-password" | "new-password" | "off"
  readonly required?: boolean
  readonly autofocus?: boolean
  readonly placeholder?: string
  readonly label: string
  readonly name: string
  readonly hint?: string
  readonly value?: string
}

/** The types of elements know no input whose type is one of several. */
const typed = (type: Input["type"]): object => ({ type })

/** An input with its label, what there is to know of it, and what is wrong with it. A password can be looked at. */
export const Field = ({ label, name, type = "text", hint, value, ...input }: Input) => {
  const id = useId()
  const [isOpen, open] = useState(false)
  const wrong = useContext(Marked).get(name)
  const about = wrong ?? hint
  return (
    <div class="field">
      <label for={id} id={`${id}-label`}>
        {label}
      </label>
      <div class="input">
        <input
          {...input}
          id={id}
          {...typed(isOpen ? "text" : type)}
          name={name}
          {...(value !== undefined && { defaultValue: value })}
          aria-invalid={wrong === undefined ? undefined : true}
          aria-describedby={about === undefined ? undefined : `${id}-about`}
        />
        {type === "password" && (
          <button
            type="button"
            class="quiet"
            aria-pressed={isOpen}
            aria-describedby={`${id}-label`}
            onClick={() => open(!isOpen)}
          >
            Show
          </button>
        )}
      </div>
      {about !== undefined && (
        <p id={`${id}-about`} class={wrong === undefined ? "hint" : "hint wrong"}>
          {about}
        </p>
      )}
    </div>
  )
}
