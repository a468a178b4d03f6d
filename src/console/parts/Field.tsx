import { useId } from "preact/hooks"

interface Input {
  readonly type?: "text" | "email" | "password"
  readonly autocomplete?: "username" | "name" | "current-password" | "new-password" | "off"
  readonly required?: boolean
  readonly autofocus?: boolean
  readonly placeholder?: string
  readonly label: string
  readonly name: string
  readonly hint?: string | undefined
  readonly wrong?: string | undefined
  readonly value?: string | undefined
}

/** The types of elements know no input whose type is one of several. */
const typed = (type: Input["type"]): object => ({ type })

/** An input with its label, what there is to know of it, and what is wrong with it. */
export const Field = ({ label, name, type = "text", hint, wrong, value, ...input }: Input) => {
  const id = useId()
  const about = wrong ?? hint
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        id={id}
        {...typed(type)}
        name={name}
        {...(value !== undefined && { defaultValue: value })}
        aria-invalid={wrong === undefined ? undefined : true}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
      />
      {about !== undefined && (
        <p id={`${id}-about`} class={wrong === undefined ? "hint" : "hint wrong"}>
          {about}
        </p>
      )}
    </div>
  )
}
