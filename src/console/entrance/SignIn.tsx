import { keyhole, session } from "../keyhole.ts"
import { saidIn, useAct } from "../parts/act.ts"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { place, to } from "../place.ts"
import { Entrance } from "./Entrance.tsx"

/** Why somebody stands here. */
const Reason = () => {
  const { value } = session
  if (value.status !== "signed-out" || value.because === "nobody") return null
  return (
    <p class="notice" role="status">
      {value.because === "ended" ? "Your session has ended. Sign in to go on where you were." : "You are signed out."}
    </p>
  )
}

export const SignIn = () => {
  const act = useAct()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const { email = "", password = "" } = saidIn(event.currentTarget)
    void act.run(() => keyhole.signIn({ email, password }))
  }
  return (
    <Entrance title="Sign in">
      <Reason />
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
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          wrong={act.wrong("password")}
        />
        <Failure failed={act.failed} />
        <button type="submit" class="wide" disabled={act.busy}>
          {act.busy ? "Signing in …" : "Sign in"}
        </button>
      </form>
      <p class="aside">
        No account yet? <a href={to("/register", { back: place.value.query["back"] })}>Register</a>
      </p>
    </Entrance>
  )
}
