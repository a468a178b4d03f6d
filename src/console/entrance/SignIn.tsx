import { keyhole, session } from "../keyhole.ts"
import { Field } from "../parts/Field.tsx"
import { Form } from "../parts/Form.tsx"
import type { Said } from "../parts/said.ts"
import { place, to } from "../place.ts"
import { Email } from "./Email.tsx"
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

const signIn = ({ email = "", password = "" }: Said) => keyhole.signIn({ email, password })

export const SignIn = () => (
  <Entrance title="Sign in">
    <Reason />
    <Form send={signIn} button="Sign in" doing="Signing in …" look="wide">
      <Email />
      <Field label="Password" name="password" type="password" autocomplete="current-password" required />
    </Form>
    <p class="aside">
      No account yet? <a href={to("/register", { back: place.value.query["back"] })}>Register</a>
    </p>
  </Entrance>
)
