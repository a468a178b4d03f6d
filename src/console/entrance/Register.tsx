import { keyhole } from "../keyhole.ts"
import { saidIn, useAct } from "../parts/act.ts"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { place, to } from "../place.ts"
import { Entrance } from "./Entrance.tsx"

export const Register = () => {
  const act = useAct()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const { email = "", password = "", name = "" } = saidIn(event.currentTarget)
    void act.run(() => keyhole.register({ email, password, ...(name.trim() !== "" && { name: name.trim() }) }))
  }
  return (
    <Entrance title="Make an account">
      <form onSubmit={submit}>
        <Field
          label="Email"
          name="email"
          type="email"
          autocomplete="username"
          required
          autofocus
          wrong={act.wrong("email")}
        />
        <Field label="Name (optional)" name="name" autocomplete="name" wrong={act.wrong("name")} />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="new-password"
          required
          hint="At least 15 characters. A sentence is a good password."
          wrong={act.wrong("password")}
        />
        <Failure failed={act.failed} />
        <button type="submit" class="wide" disabled={act.busy}>
          {act.busy ? "Making it …" : "Register"}
        </button>
      </form>
      <p class="aside">
        There is one already? <a href={to("/sign-in", { back: place.value.query["back"] })}>Sign in</a>
      </p>
    </Entrance>
  )
}
